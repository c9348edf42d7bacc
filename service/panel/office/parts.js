/** What the office pages are made of: heads, tags, buttons, fields. */

import { may } from "../access.js";
import { classes, html } from "../dom.js";
import { hold } from "../hold.js";
import { Icon } from "../icons.js";
import { pathTo } from "../place.js";
import { press } from "../press.js";
import { lost, roomNamed, rooms } from "../state.js";
import { titleOf } from "../words.js";
import { say } from "./terms.js";

export const roomTitle = (name) => (name ? titleOf(roomNamed(name)) || name : say("wholeSite"));

export function deviceTitle(room, device) {
  if (!device) return "";
  return titleOf(roomNamed(room)?.devices.get(device)?.value) || device;
}

/** The title of a page; `back` is where the page above is. */
export function Head({ title, back, under, children }) {
  return html`<header class="office-head">
    ${back && html`<a class="icon-button" data-action="back" href=${pathTo("office", ...back)} aria-label=${say("back")}><${Icon}
      name="left" size=${22} /></a>`}
    <div class="office-title"><h1>${title}</h1>${under && html`<p>${under}</p>`}</div>
    <div class="office-acts">${children}</div>
  </header>`;
}

/** A state in a word and a colour. @param {{state: string, icon?: string}} properties */
export function Tag({ state, icon, children, ...more }) {
  return html`<span class=${classes("tag", `is-${state}`)} ...${more}><${Icon} name=${icon ?? state} size=${13} /><span>${children}</span></span>`;
}

/**
 * A button that does something: held where it must be meant, and not there for who lacks the right that it `needs`
 * in the room (or the site).
 * @param {{name: string, onAct: () => void, held?: boolean, kind?: "main"|"grave"|"quiet", under?: boolean,
 *   needs?: string, room?: string}} properties
 */
export function Act({ name, icon, onAct, held, kind, under, disabled, needs, room, children, ...more }) {
  if (needs && !may(needs, room)) return null;
  return html`<button class=${classes("act", kind && `is-${kind}`)} data-action=${name} type="button"
    disabled=${disabled || under || lost.value !== null} ...${more} ...${held ? hold(onAct) : press(onAct)}>
    ${held && html`<span class="hold-fill"></span>`}
    ${(icon || under) && html`<${Icon} name=${under ? "running" : icon} size=${18} />`}<span>${children}</span></button>`;
}

/** One of a few. @param {{options: [string, string][], value: string, onChoose: (value: string) => void}} properties */
export function Segments({ name, label, options, value, onChoose }) {
  return html`<div class="segments" role="group" aria-label=${label} data-segments=${name}>
    ${options.map(
      ([each, words]) => html`<button key=${each} type="button" class=${classes("segment", each === value && "is-on")}
        data-value=${each} aria-pressed=${each === value} ...${press(() => onChoose(each))}>${words}</button>`,
    )}</div>`;
}

export function Field({ name, label, value, onInput, long, type = "text", wide, ...more }) {
  const given = { "data-field": name, value, onInput: (event) => onInput(event.currentTarget.value), ...more };
  return html`<label class=${classes("field", wide && "is-wide")}><span>${label}</span>
    ${long ? html`<textarea rows="3" ...${given}></textarea>` : html`<input type=${type} autocomplete="off" ...${given} />`}</label>`;
}

export function Pick({ name, label, value, options, onChoose, wide }) {
  return html`<label class=${classes("field", wide && "is-wide")}><span>${label}</span>
    <select data-field=${name} value=${value} onChange=${(event) => onChoose(event.currentTarget.value)}>
      ${options.map(([each, words]) => html`<option key=${each} value=${each} selected=${each === value}>${words}</option>`)}
    </select></label>`;
}

export const roomOptions = () => rooms.value.map((room) => [room.name, titleOf(room)]);

/** Facts as pairs of a word and what it is; what is empty is left out. */
export function Facts({ facts }) {
  const told = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<dl class="office-facts">${told.map(
    ([word, value]) => html`<div key=${word}><dt>${word}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

export const Empty = ({ icon, children }) =>
  html`<div class="office-empty"><${Icon} name=${icon} size=${30} /><p>${children}</p></div>`;

/** How far something has come, 0 to 1. */
export const Bar = ({ part }) =>
  html`<span class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(part * 100)}
    aria-label=${say("progress")}><span style=${`transform:scaleX(${part})`}></span></span>`;
