/** The lines of the journal that a figure was made from. */

import { useEffect, useState } from "preact/hooks";

import { html } from "../dom.js";
import { Sheet } from "../sheet.js";
import { Act, roomTitle } from "./parts.js";
import { moment } from "./dates.js";
import { say } from "./report_terms.js";
import { Told, useTold } from "./told.js";

const LONGEST = 160; // characters of a line's data

/** What a line says, its short values one after the other. */
const saidIn = (data) =>
  Object.entries(data)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && value !== "")
    .map(([key, value]) => `${key} ${value}`)
    .join(" · ")
    .slice(0, LONGEST);

export function Lines({ title, load, onClose }) {
  const told = useTold(() => load(0), []);
  const [further, setFurther] = useState([]); // pages that were asked for
  useEffect(() => setFurther([]), [told.value]);
  return html`<${Sheet} name="lines" title=${title} onClose=${onClose}>
    <div class="lines"><${Told} told=${told}>${(page) => {
      const entries = [...page.entries, ...further.flatMap((each) => each.entries)];
      const next = (further.at(-1) ?? page).next;
      return html`<p class="soft">${page.count} ${say("lines")}</p>
        <ol>${entries.map(
          ({ seq, at, kind, room, by, data }) => html`<li key=${seq} data-line=${seq}><span class="seq">#${seq}</span><time>${moment(at)}</time>
            <span><b>${kind}</b> <span class="soft">${[room && roomTitle(room), by].filter(Boolean).join(" · ")}</span><p class="soft">${saidIn(data)}</p></span></li>`,
        )}</ol>
        ${next !== null && html`<${Act} name="more-lines" kind="quiet" onAct=${async () => setFurther([...further, await load(next)])}>${say("moreLines")}</${Act}>`}`;
    }}</${Told}></div></${Sheet}>`;
}
