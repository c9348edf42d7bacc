/** What every component is written with. */

import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);

/** Class names from words and conditions: classes("a", on && "b"). */
export const classes = (...words) => words.filter(Boolean).join(" ");
