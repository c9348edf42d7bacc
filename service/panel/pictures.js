/** What the far end, the walls and the cameras show. */

import { useLayoutEffect, useRef } from "preact/hooks";

import { Problem } from "./api.js";
import { classes, html } from "./dom.js";
import { usePicture } from "./feed.js";
import { Icon } from "./icons.js";
import { lost, now } from "./state.js";
import { valueWords } from "./values.js";
import { language, say, span, titleOf } from "./words.js";

const OLD = 10; // seconds

/** Every thing of a room with a picture: what leaves it first, then walls, then cameras. */
function picturesOf(room) {
  const told = (things) =>
    [...things.values()].map((thing) => thing.value).filter((thing) => thing.picture);
  const rank = (device) => (device.capabilities.includes("camera") ? 1 : 0);
  return [
    ...told(room.destinations),
    ...told(room.devices).sort((one, other) => rank(one) - rank(other)),
  ];
}

export function Pictures({ room }) {
  const shown = picturesOf(room);
  if (!shown.length) return html`<p class="empty">${say("noPictures")}</p>`;
  return html`<section class="pictures-room" aria-label=${say("pictures")}><div class="pictures"
    data-count=${shown.length}>
    ${shown.map((thing) => html`<${Picture} key=${thing.picture} room=${room} thing=${thing} />`)}
  </div></section>`;
}

/** The newest picture, drawn in one go: no address of a picture is left over, nothing flickers. */
export function Frame({ bitmap, title }) {
  const canvas = useRef(null);
  useLayoutEffect(() => {
    const { current } = canvas;
    if (!bitmap || !bitmap.width || !current) return;
    if (current.width !== bitmap.width || current.height !== bitmap.height) {
      [current.width, current.height] = [bitmap.width, bitmap.height];
    }
    current.getContext("2d").drawImage(bitmap, 0, 0);
  }, [bitmap]);
  return html`<canvas ref=${canvas} role="img" aria-label=${title}></canvas>`;
}

function Picture({ room, thing }) {
  const { bitmap, at, problem } = usePicture(thing.picture, room);
  const age = bitmap ? (Math.max(now.value, performance.now()) - at) / 1000 : null;
  const old = lost.value !== null || problem !== null || (age !== null && age > OLD);
  return html`<figure class=${classes("picture", old && bitmap && "is-old")}
    data-picture=${thing.destination ?? thing.device}
    data-old=${old} data-loaded=${bitmap !== null}>
    <div class="screen">${bitmap ? html`<${Frame} bitmap=${bitmap}
      title=${titleOf(thing)} />` : html`<${Nothing} problem=${problem} />`}
    ${old && bitmap && html`<span class="picture-age">${say("pictureAge")} ${span(age)} ${say("ago")}</span>`}</div>
    <figcaption><b>${titleOf(thing)}</b><${FedBy} room=${room} thing=${thing} /></figcaption>
  </figure>`;
}

function FedBy({ room, thing }) {
  if (!thing.destination) return null;
  const words =
    thing.source === null
      ? say("dontKnow")
      : valueWords(room, thing.device, "source", thing.source);
  return html`<span class="fed-by">${words}${thing.blank ? ` · ${say("blank")}` : ""}</span>`;
}

function Nothing({ problem }) {
  const words =
    problem instanceof Problem ? problem.words[language.value] : problem && say("noAnswerYet");
  return html`<span class="no-picture"><${Icon} name="picture" size=${26} />
    ${problem && html`<span>${say("noPicture")} — ${words}</span>`}</span>`;
}
