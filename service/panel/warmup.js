/** Warming the room up: begun by holding, followed device by device, and what its proof says. */

import { useEffect, useState } from "preact/hooks";

import { isBarred } from "./access.js";
import { breakOffWarmUp, startWarmUp, warmUpPicture, warmUpsOf } from "./api.js";
import { classes, html } from "./dom.js";
import { hold } from "./hold.js";
import { Icon } from "./icons.js";
import { openSheet, Sheet } from "./sheet.js";
import { ageNow, tellWarmUp } from "./state.js";
import { Trouble, useStoring } from "./storing.js";
import { language, say, span, titleOf } from "./words.js";

const DONE = { good: "confirmed", bad: "failed", incomplete: "failed", running: "running" };
const SHOWN = { on: "confirmed", up: "confirmed", warming: "running", cooling: "running", dark: "failed" };

export const canWarmUp = (room) => room.scenes.some(({ scene }) => scene === "get-ready");

/** In the top bar: opens the sheet, and turns while a warm-up is under way. */
export function WarmUpButton({ room }) {
  if (!room || !canWarmUp(room)) return null;
  const running = room.warmUp.value?.state === "running";
  return html`<button class=${classes("icon-button", running && "is-running")} data-action="open-warm-up"
    aria-label=${say("warmUp")} title=${say("warmUp")} onClick=${() => openSheet("warm-up", room)}><${Icon}
    name=${running ? "running" : "power"} size=${20} /></button>`;
}

export function WarmUpSheet({ room }) {
  useEffect(() => {
    warmUpsOf(room.name)
      .then(({ warm_ups: [newest] }) => newest && tellWarmUp(room, newest))
      .catch(() => {}); // its messages tell it as well
  }, [room.name]);
  const told = room.warmUp.value;
  const running = told?.state === "running";
  return html`<${Sheet} name="warm-up" title=${`${say("warmUp")} · ${titleOf(room)}`}>
    ${told ? html`<${Standing} told=${told} />` : html`<p class="arm-means">${say("warmUpMeans")}</p>`}
    ${told && html`<div class="warm-devices">${told.devices.map(
      (device) => html`<${Device} key=${device.device} told=${told} device=${device} />`,
    )}</div>`}
    ${running ? html`<${BreakOff} room=${room} told=${told} />` : html`<${Begin} room=${room} />`}
  </${Sheet}>`;
}

function Standing({ told }) {
  const state = DONE[told.state];
  const running = told.state === "running";
  const left = Math.max(0, told.hold - told.held - ageNow(told, 0));
  return html`<section class=${classes("warm-standing", `is-${state}`)} data-warm-up=${told.state} data-phase=${told.phase}>
    <span class="verdict"><${Icon} name=${state} size=${18} />
      <b>${running ? told.doing[language.value] : say(`warm-${told.state}`)}</b>
      ${told.phase === "holding" && html`<span class="aside">${say("warmLeft")} ${span(left)}</span>`}
      ${!running && html`<span class="aside">${new Date(told.began).toLocaleString(document.documentElement.lang)}</span>`}</span>
    ${running && html`<span class="warm-bar"><span style=${`transform:scaleX(${told.progress})`}></span></span>`}
    ${told.incomplete && html`<span class="why">${told.incomplete[language.value]}</span>`}
    ${told.left_on && html`<span class="why">${say("warmLeftOn")} ${told.left_on[language.value]}</span>`}
    ${!running && html`<a class="warm-proof" data-action="proof" target="_blank" rel="noopener"
      href=${warmUpPicture(told.room, told.run)}>${say("warmProof")}</a>`}
  </section>`;
}

function Device({ told, device }) {
  const judged = device.finding !== null;
  const state = judged
    ? { true: device.finding === "ok" ? "confirmed" : "unknown", false: "failed" }[device.good]
    : told.state === "running" ? (SHOWN[device.state] ?? "ready") : "ready";
  const words = judged ? device.words[language.value] : say(`state-${device.state}`);
  return html`<span class=${classes("line", `is-${state}`)} data-device=${device.device} data-finding=${device.finding ?? ""}
    data-state=${device.state}>
    <${Icon} name=${state} size=${15} /><span class="line-name">${titleOf(device)}</span>
    <span class="line-time">${words}${told.state !== "running" ? ` · ${device.minutes_on} min` : ""}</span>
    ${device.remarks.map((remark) => html`<span class="why">${remark[language.value]}</span>`)}</span>`;
}

function Begin({ room }) {
  const [anyway, setAnyway] = useState(false);
  const [stayOn, setStayOn] = useState(false);
  const [starting, start] = useStoring();
  const begin = () =>
    start(async () => {
      tellWarmUp(room, await startWarmUp(room.name, { during_meeting: anyway, stay_on: stayOn }));
    });
  const heldBack = starting.error?.code === "held-back";
  return html`<div class="warm-begin">
    <label class="store-note"><input type="checkbox" data-field="stay-on" checked=${stayOn}
      onChange=${(event) => setStayOn(event.currentTarget.checked)} /><span>${say("warmStayOn")}</span></label>
    ${heldBack && html`<label class="store-note is-unknown"><input type="checkbox" data-field="anyway" checked=${anyway}
      onChange=${(event) => setAnyway(event.currentTarget.checked)} /><span>${say("warmAnyway")}</span></label>`}
    <${Trouble} storing=${starting} />
    <button class="take" data-action="warm-up" disabled=${starting.under || isBarred(room, "maintain")}
      ...${hold(begin)}><span class="hold-fill"></span><${Icon} name="power" size=${22} />
      <b>${say("holdToWarmUp")}</b></button></div>`;
}

function BreakOff({ room, told }) {
  const [ending, end] = useStoring();
  const breakOff = () => end(async () => tellWarmUp(room, await breakOffWarmUp(room.name, told.run)));
  return html`<div class="warm-begin"><p class="arm-means">${say("warmBreakOffMeans")}</p>
    <${Trouble} storing=${ending} />
    <button class="take is-emergency" data-action="break-off" disabled=${ending.under || isBarred(room, "maintain")}
      ...${hold(breakOff)}><span class="hold-fill"></span><${Icon} name="close" size=${22} />
      <b>${say("holdToBreakOff")}</b></button></div>`;
}
