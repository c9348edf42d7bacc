/** One warm-up: how it goes or its proof with the picture, and every device's verdict in words. */

import { breakOffWarmUp, warmUpPicture } from "../api.js";
import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { ageNow, roomNamed } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { byWords, language, titleOf } from "../words.js";
import { at, read, send } from "./api.js";
import { lasted } from "./dates.js";
import { Act, Bar, Facts, Head, roomTitle, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";
import { say, STATES } from "./warmup_terms.js";
import { spanOf } from "./warmups.js";

export function OneWarmUp({ room, run }) {
  const told = useTold(() => read(at("rooms", room, "warm-ups", run)), [run], { kinds: ["warm-up"] });
  const live = roomNamed(room)?.warmUp.value;
  const value = live?.run === run && live.state === "running" ? live : told.value;
  const under = value ? spanOf(value) : "";
  return html`<${Head} title=${`${say("page-warm-ups")} · ${roomTitle(room)}`} under=${under} back=${["warm-ups", room]}>
      ${value?.state === "running" && html`<${BreakOff} room=${room} run=${run} />`}
      ${value && value.state !== "running" && html`<a class="act" data-action="open-picture" target="_blank" rel="noopener"
        href=${warmUpPicture(room, run)}><${Icon} name="picture" size=${18} /><span>${say("openPicture")}</span></a>`}</${Head}>
    <${Told} told=${{ ...told, value }}>${(shown) => html`<${Standing} told=${shown} />
      ${shown.state !== "running" && html`<figure class="proof"><img data-proof src=${warmUpPicture(room, run)} alt=${say("proofOf")} /></figure>`}
      <${Devices} told=${shown} accepts=${told.again} />
      <${Happened} told=${shown} />`}</${Told}>`;
}

function BreakOff({ room, run }) {
  const [ending, end] = useStoring();
  return html`<${Trouble} storing=${ending} /><${Act} name="break-off" needs="maintain" room=${room} kind="grave" held under=${ending.under}
    onAct=${() => end(() => breakOffWarmUp(room, run))}>${say("holdToBreakOff")}</${Act}>`;
}

function Standing({ told }) {
  const running = told.state === "running";
  const left = told.phase === "holding" ? Math.max(0, told.hold - told.held - (told.heard ? ageNow(told, 0) : 0)) : null;
  return html`<section class="card" data-standing=${told.state} data-phase=${told.phase}>
    <div class="card-head"><${Tag} state=${STATES[told.state]}>${say(`state-${told.state}`)}</${Tag}>
      <b>${running ? told.doing[language.value] : (told.incomplete?.[language.value] ?? "")}</b>
      ${left !== null && html`<span class="soft">${say("warmLeft")} ${lasted(left)}</span>`}</div>
    ${running && html`<${Bar} part=${told.progress} />`}
    <${Facts} facts=${[
      [say("heldFor"), `${lasted(told.held)} / ${lasted(told.hold)}`],
      [say("lastReady"), told.held_from === null ? "" : lasted(told.held_from)],
      [say("usable"), running ? "" : `${told.devices.filter(({ good }) => good).length} / ${told.devices.length}`],
      [say("by"), byWords(told.by)],
      [say("leftOn"), told.left_on?.[language.value]],
    ]} /></section>`;
}

const stateOf = ({ finding, good, state }) =>
  finding ? (good ? (finding === "ok" ? "confirmed" : "unknown") : "failed") : state === "on" || state === "up" ? "confirmed" : "ready";

function Devices({ told, accepts }) {
  return html`<div class="table warm-found" role="table">
    <div class="table-head" role="row">${["device", "verdict", "minutesOn", "readyAfter", "samples"].map(
      (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
    )}</div>
    ${told.devices.map(
      (device) => html`<div class="table-row" role="row" key=${device.device} data-device=${device.device} data-finding=${device.finding ?? ""}>
        <span role="cell"><b>${titleOf(device)}</b><span class="soft identity">${identityOf(device)}</span></span>
        <span role="cell" class="found"><${Tag} state=${stateOf(device)}>${device.words?.[language.value] ?? say(`state-${device.state}`)}</${Tag}>
          ${device.remarks.map((remark) => html`<span class="soft">${remark[language.value]}</span>`)}
          ${device.finding === "wrong-identity" && html`<${Accept} told=${told} device=${device.device} onDone=${accepts} />`}</span>
        <span role="cell">${device.minutes_on ? `${device.minutes_on} min` : "–"}</span>
        <span role="cell">${device.ready === null ? "–" : lasted(device.ready)}${device.retried ? html`<span class="soft"> ${say("retried")}</span>` : ""}</span>
        <span role="cell" class=${classes(device.missed > 0 && "is-old")}>${device.samples}${device.missed ? ` (−${device.missed})` : ""}</span></div>`,
    )}</div>`;
}

const identityOf = ({ identity }) =>
  [identity.model, identity.serial && `№ ${identity.serial}`, identity.firmware].filter(Boolean).join(" · ");

function Accept({ told, device, onDone }) {
  const [accepting, accept] = useStoring();
  const go = () =>
    accept(async () => {
      await send(at("rooms", told.room, "warm-ups", "identities", device, "accept"));
      onDone();
    });
  return html`<${Trouble} storing=${accepting} /><${Act} name="accept" needs="configure" room=${told.room} held under=${accepting.under} onAct=${go}>${say("holdToAccept")}</${Act}>`;
}

function Happened({ told }) {
  if (!told.events.length) return null;
  return html`<section class="card"><h2>${say("happened")}</h2><ol class="happened">${told.events.map(
    (event, n) => html`<li key=${n}><time>${lasted(event.at)}</time><span>${event.text[language.value]}</span></li>`,
  )}</ol></section>`;
}
