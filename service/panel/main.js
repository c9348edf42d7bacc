/** The page: which room is looked at, and what surrounds its scenes. */

import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";

import { known, may, refresh } from "./access.js";
import { AccountButton, AccountSheet } from "./account.js";
import { Cameras, camerasOf, stopCamera } from "./camera.js";
import { notice } from "./commands.js";
import { ChooseSheet } from "./choose.js";
import { Devices, Tiles } from "./devices.js";
import { classes, html } from "./dom.js";
import { Emergencies } from "./emergency.js";
import { Events } from "./events.js";
import { Icon } from "./icons.js";
import { Later } from "./later.js";
import { Front } from "./login.js";
import { MeetingBand, MeetingButton, MeetingSheet } from "./meeting.js";
import { Microphones } from "./microphones.js";
import { Abnormal, Advice, isAbnormal, Pairs, pairsOf } from "./pairs.js";
import { Pictures } from "./pictures.js";
import { goTo, inOffice, roomInUrl } from "./place.js";
import { PinSheet } from "./pin.js";
import { PlanSheet } from "./plan.js";
import { press } from "./press.js";
import { PresetSheet } from "./preset.js";
import { remembered } from "./remembered.js";
import { Scenes } from "./scenes.js";
import { openSheet, sheet } from "./sheet.js";
import { connect } from "./socket.js";
import { Sources } from "./sources.js";
import { SceneSheet } from "./store.js";
import { alarms, lost, now, roomNamed, rooms, site } from "./state.js";
import { WarmUpButton, WarmUpSheet } from "./warmup.js";
import { clockTime, language, milliseconds, say, span, titleOf } from "./words.js";

const PANES = {
  microphones: "mic",
  camera: "camera",
  sources: "router",
  pairs: "backup",
  devices: "devices",
  events: "events",
};

const lastRoom = remembered("avctl.room", "");
const chosenRoom = signal(roomInUrl() || lastRoom.peek());
const room = computed(() => roomNamed(chosenRoom.value) ?? rooms.value[0]);
const chosenDevice = signal("");
const chosenCamera = signal("");
const docks = [remembered("avctl.pane", "microphones"), remembered("avctl.pane.2", "camera")];
const loadOffice = () => import("./office/frame.js");
const wide = matchMedia("(min-width: 1600px)");
const isWide = signal(wide.matches);

wide.addEventListener("change", () => (isWide.value = wide.matches));
effect(() => {
  if (roomInUrl()) chosenRoom.value = roomInUrl();
});
effect(() => {
  if (room.value) lastRoom.value = room.value.name;
});
effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  const here = inOffice.value ? say("office") : room.value && titleOf(room.value);
  document.title = [here, titleOf(site.value) || "avctl"]
    .filter(Boolean)
    .join(" · ");
});
effect(() => {
  document.body.dataset.lost = String(lost.value !== null);
});

function App() {
  if (!known.value) return html`<${Bare} /><${Front} />`;
  return html`<${Top} />
    ${inOffice.value ? html`<${Later} load=${loadOffice} css=${["office/office.css"]} />` : room.value ? html`<${Room} key=${room.value.name} room=${room.value} />` : html`<main
      class="blank"><span class="turning"></span></main>`}
    <${Notice} />
    <${Sheets} />
    <${Verdict} />`;
}

/** The top bar before anybody is known. */
function Bare() {
  return html`<header class="top"><b class="bare-title">avctl</b><div class="top-right"><${Language} /><${Clock} /></div></header>`;
}

function Language() {
  return html`<button class="language" data-action="language" aria-label=${say("language")}
    lang=${language.value === "zh" ? "en" : "zh-CN"}
    onClick=${() => (language.value = language.value === "zh" ? "en" : "zh")}><span class="in-full">${say("language")}</span><span
    class="in-short" aria-hidden="true">${say("languageShort")}</span></button>`;
}

function Top() {
  return html`<header class="top">
    <nav class="rooms" role="tablist" aria-label=${say("rooms")}>
      ${rooms.value.map((one) => html`<${RoomTab} key=${one.name} one=${one} />`)}
    </nav>
    <${Lost} />
    <div class="top-right">
      ${!inOffice.value && html`<${OfRoom} />`}
      <${ToOffice} />
      <${Online} />
      <${AccountButton} room=${room.value} />
      <${Language} />
      <${Clock} />
    </div>
  </header>`;
}

/** What the top bar has for the room that is looked at. */
function OfRoom() {
  return html`<${Abnormal} room=${room.value} onOpen=${() => (docks[isWide.value ? 1 : 0].value = "pairs")} />
    <${StopAll} />
    <${MeetingButton} room=${room.value} />
    <${WarmUpButton} room=${room.value} />
    ${room.value && may("configure", room.value.name) && html`<button class="icon-button" data-action="open-store" aria-label=${say("storeScene")}
      title=${say("storeScene")} disabled=${lost.value !== null}
      onClick=${() => openSheet("scene", room.value)}><${Icon} name="store" size=${20} /></button>`}`;
}

/** There, and back to the room. */
function ToOffice() {
  const there = inOffice.value;
  const unseen = alarms.value.filter(({ acknowledged }) => !acknowledged);
  const grave = unseen.some(({ severity }) => severity === "critical");
  const go = () => {
    if (there) goTo("room", room.value?.name ?? "");
    else goTo("office", ...(unseen.length ? ["incidents", "alarms"] : []));
  };
  return html`<button class=${classes("icon-button to-office", there && "is-on")} data-action="open-office"
    aria-label=${say("office")} title=${say("office")} aria-pressed=${there} onClick=${go}><${Icon} name="office"
    size=${20} />${unseen.length > 0 && html`<span class=${classes("badge", grave ? "is-failed" : "is-unknown")} data-alarms=${unseen.length}>${unseen.length}<span
    class="sr">${say("unseenAlarms")}</span></span>`}</button>`;
}

function RoomTab({ one }) {
  const down = [...one.devices.values()].filter((device) => !device.value.up).length;
  const running = one.runs.value.some((run) => !run.byHand && !run.verdict);
  const on = one === room.value && !inOffice.value;
  const odd = !on && pairsOf(one).some((pair) => isAbnormal(pair) || pair.advised);
  return html`<button role="tab" class="room-tab" aria-selected=${on} data-room=${one.name}
    data-up=${down === 0}
    onClick=${() => goTo("room", one.name)}>
    <span>${titleOf(one)}</span>
    ${running && html`<span class="badge is-running"><${Icon} name="running" size=${14} /><span
      class="sr">${say("running")}</span></span>`}
    ${odd && !down && html`<span class="badge is-unknown"><${Icon} name="warning" size=${13} /><span
      class="sr">${say("pairs")}</span></span>`}
    ${down > 0 && html`<span class="badge is-failed"><${Icon} name="failed"
      size=${12} />${down}<span class="sr">${say("down")}</span></span>`}
  </button>`;
}

function StopAll() {
  const cameras = room.value ? camerasOf(room.value) : [];
  if (!cameras.length || !may("operate", room.value.name)) return null;
  const halt = () => cameras.forEach((camera) => stopCamera(room.value, camera));
  return html`<button class="stop-all" data-action="stop-all" aria-label=${say("stopAll")} ...${press(halt)}><${Icon} name="stop"
    size=${20} /><span class="in-full">${say("stopAll")}</span><span class="in-short">${say("stop")}</span></button>`;
}

function Online() {
  const on = lost.value === null;
  return html`<span class=${classes("online", on ? "is-confirmed" : "is-failed")} data-online=${on}>
    <${Icon} name=${on ? "online" : "lost"}
      size=${18} /><span>${say(on ? "online" : "lostFor")}${on ? "" : ` ${span(lost.value)}`}</span></span>`;
}

function Clock() {
  now.value;
  return html`<time class="clock" aria-label=${say("clock")}>${clockTime(new Date())}</time>`;
}

/** In the place of the rooms, so that nothing below moves when it comes and goes. */
function Lost() {
  if (lost.value === null) return null;
  const first = rooms.value.length === 0;
  return html`<div class=${classes("lost", first && "is-first")} role="alert" data-banner="lost">
    <${Icon} name="lost" size=${24} />
    <div><b>${first ? say("connecting") : say("lost")}</b>${!first && html`<span>${say("lostWhy")}</span>`}</div>
  </div>`;
}

function Room({ room }) {
  const choose = (device) => {
    chosenDevice.value = device;
    docks[isWide.value ? 1 : 0].value = "devices";
  };
  return html`<main class="room" data-lost=${lost.value !== null}>
    <div class="stage">
      ${!may("operate", room.name) && html`<p class="view-only" data-view-only><${Icon} name="info" size=${18} />${say("viewOnly")}</p>`}
      <${MeetingBand} room=${room} />
      <${Scenes} room=${room} />
      <${Emergencies} room=${room} />
      <${Pictures} room=${room} />
      <${Advice} room=${room} />
    </div>
    ${docks.slice(0, isWide.value ? 2 : 1).map((shown, at) => html`<${Dock} key=${at} at=${at}
      room=${room} shown=${shown} />`)}
    <${Tiles} room=${room} onChoose=${choose} />
  </main>`;
}

function Dock({ room, shown, at }) {
  const names = Object.keys(PANES).filter((name) => name !== "pairs" || room.pairs.size);
  const pane = names.includes(shown.value) ? shown.value : "microphones";
  return html`<aside class="dock" aria-label=${say("tools")}>
    <div class="tabs" role="tablist">
      ${names.map(
        (name) => html`<button key=${name} role="tab" class="tab" id=${`tab-${at}-${name}`}
          aria-selected=${name === pane}
        data-tab=${name} onClick=${() => (shown.value = name)}><${Icon} name=${PANES[name]}
          size=${22} /><span>${say(name)}</span></button>`,
      )}
    </div>
    <div class="pane" role="tabpanel" aria-labelledby=${`tab-${at}-${pane}`}
      data-pane=${pane}><${Pane} room=${room} pane=${pane} /></div>
  </aside>`;
}

function Pane({ room, pane }) {
  switch (pane) {
    case "camera":
      return html`<${Cameras} room=${room} chosen=${chosenCamera} />`;
    case "sources":
      return html`<${Sources} room=${room} />`;
    case "pairs":
      return html`<${Pairs} room=${room} />`;
    case "devices":
      return html`<${Devices} room=${room} chosen=${chosenDevice.value}
        onChoose=${(device) => (chosenDevice.value = device)} />`;
    case "events":
      return html`<${Events} room=${room} />`;
    default:
      return html`<${Microphones} room=${room} />`;
  }
}

function Sheets() {
  const open = sheet.value;
  const within = open && roomNamed(open.room);
  if (!within) return null;
  if (open.kind === "account") return html`<${AccountSheet} />`;
  if (open.kind === "pin") return html`<${PinSheet} />`;
  if (open.kind === "scene") return html`<${SceneSheet} room=${within} />`;
  if (open.kind === "meeting") return html`<${MeetingSheet} room=${within} />`;
  if (open.kind === "warm-up") return html`<${WarmUpSheet} room=${within} />`;
  if (open.kind === "preset") return html`<${PresetSheet} room=${within} name=${open.of} />`;
  const scene = within.scenes.find((one) => one.scene === open.of);
  if (!scene) return null;
  const Kind = open.kind === "plan" ? PlanSheet : ChooseSheet;
  return html`<${Kind} key=${`${open.kind} ${open.of}`} room=${within} scene=${scene} />`;
}

function Notice() {
  const told = notice.value;
  return html`<div class="notices" role="status" aria-live="assertive">
    ${
      told &&
      html`<p class=${classes("notice", `is-${told.verdict}`)} data-notice=${told.verdict}><${Icon}
        name=${told.verdict} size=${20} />
      <span>${told.text}</span><button class="icon-button" aria-label=${say("close")}
        onClick=${() => (notice.value = null)}><${Icon} name="close" size=${18} /></button></p>`
    }
  </div>`;
}

/** The newest verdict of the room, for who does not see the buttons. */
function Verdict() {
  const run = room.value?.runs.value.find((one) => !one.byHand && one.verdict);
  return html`<p class="sr" aria-live="polite"
    data-verdict-said>${run && `${titleOf(run)} ${say(run.verdict)} ${milliseconds(run.duration ?? run.elapsed)}`}</p>`;
}

await refresh();
render(html`<${App} />`, document.getElementById("panel"));
connect(computed(() => room.value?.name));
