/** The devices: who is there, what each reported last, and how long ago. */

import { useState } from "preact/hooks";

import { classes, html } from "./dom.js";
import { deviceIcon, Icon } from "./icons.js";
import { sayPoint } from "./point_terms.js";
import { ageNow, doubt, silenceOf } from "./state.js";
import { pointTitle, valueWords } from "./values.js";
import { readAgo, reasonWords, say, span, titleOf } from "./words.js";

const point = (device, word) => device.points.find((one) => one.word === word);

/** A point's value in words; what was never read is not told from what has no value by the value alone. */
const told = (room, device, one) =>
  one.age === null ? say("dontKnow") : valueWords(room, device.device, one.word, one.value);

/** The one thing to know about a device, and the point it was read from. */
function main(room, device) {
  const power = point(device, "power");
  if (power && power.value !== "on" && power.value !== null)
    return [say("power") + " · " + valueWords(room, device.device, "power", power.value), power];
  const doing = point(device, "call") ?? point(device, "transport");
  if (doing) return [told(room, device, doing), doing];
  const preset = point(device, "preset");
  if (preset) {
    const moving = point(device, "moving")?.value === true;
    return [moving ? say("moving") : told(room, device, preset), preset];
  }
  const layout = point(device, "layout");
  if (layout) return [told(room, device, layout), layout];
  if (device.capabilities.includes("mixer")) return countedMain(device, "muted", false, "open");
  if (point(device, "outlet")) return countedMain(device, "outlet", true, "onOf");
  return routerMain(room, device) ?? [device.identity?.model ?? device.driver, device.points[0]];
}

/** How many of its like places are so: "2 of 4 open". */
function countedMain(device, word, so, said) {
  const all = device.points.filter((one) => one.word === word);
  const count = all.filter((one) => one.value === so).length;
  const words =
    say("of") === "of"
      ? `${count} of ${all.length} ${say(said)}`
      : `${count} ${say(said)}，共 ${all.length} 路`;
  return [words, all[0]];
}

/** The first destination that the router feeds: usually the far end. */
function routerMain(room, device) {
  for (const destination of room.destinations.values()) {
    const told = destination.value;
    if (told.device !== device.device) continue;
    const source =
      told.source === null ? say("dontKnow") : valueWords(room, told.device, "source", told.source);
    return [
      `${titleOf(told)} ← ${source}`,
      device.points.find(
        (one) => one.word === "output" && one.key.split("/")[1] === String(told.output),
      ),
    ];
  }
  return null;
}

export function Tiles({ room, onChoose }) {
  return html`<section class="tiles" aria-label=${say("devices")}>
    ${[...room.devices].map(([name, device]) => html`<${Tile} key=${name} room=${room}
      current=${device} onChoose=${onChoose} />`)}
  </section>`;
}

function Tile({ room, current, onChoose }) {
  const device = current.value;
  const why = doubt(device);
  const [words, from] = main(room, device);
  return html`<button class=${classes("tile", device.up ? "is-up" : "is-down", why && "is-doubted")}
    data-device=${device.device}
    data-up=${device.up} data-doubt=${why} onClick=${() => onChoose(device.device)}>
    <span class="tile-icon"><${Icon} name=${deviceIcon(device)} size=${17} /></span>
    <span class="tile-title">${titleOf(device)}</span>
    <span class="tile-link"><${Icon} name=${why === "old" ? "unknown" : device.up ? "confirmed" : "failed"} size=${15} />
      <span class="sr">${say(why === "old" ? "stale" : device.up ? "up" : "down")}</span></span>
    <span class="tile-main">${device.up ? words : sinceWords(device)}</span>
    <span class="tile-age">${device.up ? ageWords(device, from) : reasonWords(device.reason, device.device)}</span>
  </button>`;
}

/** "断开 12 s": for how long it has been there, or away. */
function sinceWords(device) {
  const word = say(device.up ? "up" : "down");
  return device.since === null ? word : `${word} ${span(ageNow(device, device.since))}`;
}

function ageWords(device, from) {
  const silence = silenceOf(device);
  return readAgo(doubt(device) === "old" ? silence : ageNow(device, from?.age));
}

/** Everything a device reported; one device at a time. */
export function Devices({ room, chosen, onChoose }) {
  const name = room.devices.has(chosen) ? chosen : [...room.devices.keys()][0];
  if (!name) return null;
  return html`<div class="devices">
    <div class="chips" role="tablist">
      ${[...room.devices].map(
        ([
          key,
          current,
        ]) => html`<button key=${key} role="tab" class="chip" aria-selected=${key === name}
        onClick=${() => onChoose(key)}>${titleOf(current.value)}</button>`,
      )}
    </div>
    <${Details} key=${name} room=${room} device=${room.devices.get(name).value} />
  </div>`;
}

function Details({ room, device }) {
  const why = doubt(device);
  const facts = [["driver", device.driver], ...Object.entries(device.identity ?? {})];
  return html`<div class=${classes("details", why && "is-doubted")}>
    <p class=${classes("standing", device.up ? "is-up" : "is-down")}><${Icon}
      name=${device.up ? "confirmed" : "failed"} size=${18} />
      <b>${sinceWords(device)}</b>${!device.up && html`<span title=${device.reason}>${reasonWords(device.reason, device.device)}</span>`}</p>
    <dl class="facts">${facts.map(([key, value]) => html`<div
      key=${key}><dt>${sayPoint(key)}</dt><dd>${String(value)}</dd></div>`)}</dl>
    <${Points} room=${room} device=${device} />
  </div>`;
}

const SHOWN = 12;

function Points({ room, device }) {
  const [all, setAll] = useState(false);
  const points = all ? device.points : device.points.slice(0, SHOWN);
  const more = device.points.length - points.length;
  return html`<ul class="points">${points.map(
    (one) => html`<li key=${one.key} data-point=${one.key}>
      <span class="point-title">${pointTitle(room, device.device, one)}</span>
      <b>${told(room, device, one)}</b>
      <span class="point-age">${readAgo(ageNow(device, one.age))}</span></li>`,
  )}
    ${more > 0 && html`<li><button class="chip"
      onClick=${() => setAll(true)}>+ ${more}</button></li>`}</ul>`;
}
