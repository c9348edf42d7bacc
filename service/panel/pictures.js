/** What the far end, the walls and the cameras show: JPEGs, fetched while somebody looks. */

import { useEffect, useRef, useState } from "preact/hooks";

import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { hidden, lost } from "./state.js";
import { nameWords, reasonWords, say, span, titleOf } from "./words.js";

const CALM = 1000; // ms between two fetches
const LIVELY = 500; // for LIVELY_FOR ms after a tap: the service fetches no faster
const LIVELY_FOR = 3000;
const PATIENCE = 4000;
const OLD = 10; // seconds

const tappedLately = (room) =>
  room.runs.peek().some((run) => !run.verdict || Date.now() - Date.parse(run.tapped) < LIVELY_FOR);

/** Every thing of a room with a picture: what leaves it first, then walls, then cameras. */
export function picturesOf(room) {
  const told = (things) => [...things.values()].map((thing) => thing.value).filter((thing) => thing.picture);
  const rank = (device) => (device.capabilities.includes("camera") ? 1 : 0);
  return [...told(room.destinations), ...told(room.devices).sort((one, other) => rank(one) - rank(other))];
}

export function Pictures({ room }) {
  const shown = picturesOf(room);
  if (!shown.length) return html`<p class="empty">${say("noPictures")}</p>`;
  return html`<section class="pictures" aria-label=${say("pictures")} data-count=${shown.length}>
    ${shown.map((thing) => html`<${Picture} key=${thing.picture} room=${room} thing=${thing} />`)}
  </section>`;
}

/** Fetch one JPEG: {blob, age}. Throws with a word a person understands. */
async function fetchPicture(url, signal) {
  const response = await fetch(url, { signal, cache: "no-store" });
  if (!response.ok) {
    const problem = await response.json().catch(() => null);
    throw new Error(problem?.detail ?? problem?.title ?? `HTTP ${response.status}`);
  }
  return { blob: await response.blob(), age: Number(response.headers.get("X-Picture-Age") ?? 0) };
}

/** Keep `show` supplied with pictures until the way out is called. */
function follow(url, room, show) {
  let going = true;
  let timer = 0;
  let abort = null;
  const once = async () => {
    if (!hidden.peek() && lost.peek() === null) {
      abort = new AbortController();
      const patience = setTimeout(() => abort.abort(), PATIENCE);
      await fetchPicture(url, abort.signal).then(
        (picture) => going && show(picture, ""),
        (error) => going && show(null, error.name === "AbortError" ? "timed out" : error.message),
      );
      clearTimeout(patience);
    }
    if (going) timer = setTimeout(once, tappedLately(room) ? LIVELY : CALM);
  };
  once();
  return () => {
    going = false;
    clearTimeout(timer);
    abort?.abort();
  };
}

export function usePicture(url, room) {
  const [shown, setShown] = useState({ src: "", at: 0, problem: "" });
  const current = useRef("");
  useEffect(() => {
    const leave = follow(url, room, (picture, problem) => {
      if (!picture) return setShown((before) => ({ ...before, problem }));
      const old = current.current;
      current.current = URL.createObjectURL(picture.blob);
      setShown({ src: current.current, at: performance.now() - picture.age * 1000, problem: "" });
      if (old) setTimeout(() => URL.revokeObjectURL(old), 250); // still on the screen until the new one is decoded
    });
    return () => {
      leave();
      URL.revokeObjectURL(current.current);
      current.current = "";
    };
  }, [url, room]);
  return shown;
}

export function Picture({ room, thing }) {
  const { src, at, problem } = usePicture(thing.picture, room);
  const age = src ? (performance.now() - at) / 1000 : null;
  const old = lost.value !== null || problem !== "" || (age !== null && age > OLD);
  const source = thing.destination && thing.source;
  return html`<figure class=${classes("picture", old && src && "is-old", !src && "is-empty")}
    data-picture=${thing.destination ?? thing.device} data-old=${old}>
    ${src ? html`<img src=${src} alt=${titleOf(thing)} draggable=${false} />` : html`<span class="no-picture"><${Icon} name="picture" size=${28} />
      <span>${problem ? `${say("noPicture")} — ${reasonWords(problem)}` : ""}</span></span>`}
    <figcaption><b>${titleOf(thing)}</b>${source && html`<span class="fed-by">${sourceTitle(room, source)}</span>`}</figcaption>
    ${old && src && html`<span class="picture-age">${say("pictureAge")} ${span(age)} ${say("ago")}</span>`}
  </figure>`;
}

function sourceTitle(room, name) {
  if (name === "none") return say("none");
  const source = room.sources.find((one) => one.source === name);
  return source ? titleOf(source) : nameWords(name);
}
