/** The cameras: choose one, drive it, send it to a preset, stop it. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { isBarred, may } from "./access.js";
import { Problem } from "./api.js";
import { ask, asked, notify } from "./commands.js";
import { classes, html } from "./dom.js";
import { Drive } from "./drive.js";
import { usePicture } from "./feed.js";
import { Icon } from "./icons.js";
import { Frame } from "./pictures.js";
import { press } from "./press.js";
import { openSheet } from "./sheet.js";
import { doubt } from "./state.js";
import { language, nameWords, say, titleOf } from "./words.js";

const DEAD = 0.1; // of the pad's radius
const CURVE = 1.7; // slow near the middle
const BY_KEY = 0.45;

const isCamera = (told) => told.peek().capabilities.includes("camera");
export const camerasOf = (room) =>
  [...room.devices.values()].filter(isCamera).map((told) => told.peek().device);

export function stopCamera(room, camera, driven = new Drive(room.name, camera)) {
  return driven.stop().catch((error) => {
    const words = error instanceof Problem ? error.words[language.value] : say("noAnswer");
    notify(
      error instanceof Problem ? "failed" : "unknown",
      `${titleOf(room.devices.get(camera).peek())} — ${words}`,
    );
  });
}

/** @param {{room: object, chosen: import("@preact/signals").Signal<string>}} properties */
export function Cameras({ room, chosen }) {
  const cameras = camerasOf(room);
  if (!cameras.length) return html`<p class="empty">${say("noCamera")}</p>`;
  const name = cameras.includes(chosen.value) ? chosen.value : cameras[0];
  return html`<div class="cameras">
    <div class="camera-choice" role="tablist" aria-label=${say("camera")}>
      ${cameras.map(
        (
          camera,
        ) => html`<${Choice} key=${camera} room=${room} camera=${room.devices.get(camera).value}
          on=${camera === name}
        onPress=${() => (chosen.value = camera)} />`,
      )}
    </div>
    <${Control} key=${name} room=${room} camera=${room.devices.get(name).value} />
  </div>`;
}

function Choice({ room, camera, on, onPress }) {
  const { bitmap } = usePicture(camera.picture, room);
  return html`<button role="tab" class=${classes("camera-tab", !camera.up && "is-down")}
    aria-selected=${on} data-camera=${camera.device} ...${press(onPress)}>
    <span class="thumb">${bitmap ? html`<${Frame} bitmap=${bitmap} title="" />` : html`<${Icon}
      name="camera" size=${26} />`}</span>
    <span class="camera-name">${!camera.up && html`<${Icon} name="failed"
      size=${14} />`}${titleOf(camera)}</span></button>`;
}

function useDrive(room, name) {
  const driven = useMemo(() => new Drive(room.name, name), [room.name, name]);
  useEffect(() => {
    const halt = () => driven.moves && driven.stop().catch(() => {});
    const ifHidden = () => document.hidden && halt();
    addEventListener("blur", halt);
    addEventListener("pagehide", halt);
    document.addEventListener("visibilitychange", ifHidden);
    return () => {
      removeEventListener("blur", halt);
      removeEventListener("pagehide", halt);
      document.removeEventListener("visibilitychange", ifHidden);
      halt();
    };
  }, [driven]);
  return driven;
}

const KEYS = {
  ArrowLeft: { pan: -BY_KEY },
  ArrowRight: { pan: BY_KEY },
  ArrowUp: { tilt: BY_KEY },
  ArrowDown: { tilt: -BY_KEY },
  "+": { zoom: BY_KEY },
  "=": { zoom: BY_KEY },
  "-": { zoom: -BY_KEY },
};

/** Arrows, + and − drive while held; space and Escape stop. Not while a slider or another control has the keys. */
function useKeys(driven, halt, blocked) {
  useEffect(() => {
    const taken = (event) =>
      event.target.closest?.("[role=slider], [role=tab], input, select, textarea");
    const down = (event) => {
      if (event.target.closest?.("dialog")) return undefined; // a name may have spaces
      const onButton = event.target.closest?.("button");
      if (event.key === "Escape" || (event.key === " " && !onButton))
        return (event.preventDefault(), halt());
      const motion = KEYS[event.key];
      if (!motion || blocked || taken(event) || event.ctrlKey || event.metaKey || event.altKey)
        return;
      event.preventDefault();
      if (!event.repeat) driven.move(motion);
    };
    const up = (event) => {
      const motion = KEYS[event.key];
      if (motion && driven.moves)
        driven.move(Object.fromEntries(Object.keys(motion).map((axis) => [axis, 0])));
    };
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    return () => {
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
    };
  }, [driven, blocked]);
}

function Control({ room, camera }) {
  const driven = useDrive(room, camera.device);
  const why = doubt(camera);
  const blocked = isBarred(room) || why === "down";
  const halt = () => stopCamera(room, camera.device, driven);
  useKeys(driven, halt, blocked);
  return html`<div class=${classes("control", why && "is-doubted")} data-doubt=${why}>
    <div class="drive">
      <${Pad} driven=${driven} blocked=${blocked} />
      <${Rocker} driven=${driven} blocked=${blocked} />
    </div>
    <button class="stop" data-action="stop" ...${press(halt)}><${Icon} name="stop"
      size=${30} /><b>${say("stop")}</b></button>
    <div class="presets-row">
      <${Presets} room=${room} camera=${camera} blocked=${blocked} why=${why} />
      ${camera.words.includes("store") && may("configure", room.name) && html`<button class="store-open" data-action="store-preset" disabled=${blocked}
        onClick=${() => openSheet("preset", room, camera.device)}><${Icon} name="store"
          size=${16} />${say("storePreset")}</button>`}
    </div>
    <p class="hint">${say("padHint")}</p>
  </div>`;
}

function Pad({ driven, blocked }) {
  const at = useSignal(null);
  const held = useRef(null);
  const aim = (event) => {
    if (held.current !== event.pointerId) return;
    if (event.buttons === 0) return release(event); // let go where the page did not see it
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    ];
    const length = Math.hypot(x, y) || 1;
    const reach = Math.min(1, length);
    at.value = { x: (x / length) * reach, y: (y / length) * reach };
    const speed = reach < DEAD ? 0 : ((reach - DEAD) / (1 - DEAD)) ** CURVE;
    driven.move({ pan: round((x / length) * speed), tilt: round((y / length) * speed) });
    return undefined;
  };
  const onPointerDown = (event) => {
    if (blocked || event.button !== 0 || held.current !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = event.pointerId;
    aim(event);
  };
  const release = (event) => {
    if (held.current !== event.pointerId) return;
    held.current = null;
    at.value = null;
    driven.stop().catch(() => {});
  };
  const { x, y } = at.value ?? { x: 0, y: 0 };
  return html`<div class=${classes("pad", at.value && "is-held")} role="group"
    tabindex=${blocked ? -1 : 0} aria-label=${say("pad")} aria-disabled=${blocked} data-action="pad"
    onPointerDown=${onPointerDown} onPointerMove=${aim} onPointerUp=${release} onPointerCancel=${release} onLostPointerCapture=${release}>
    ${["n", "e", "s", "w"].map((way) => html`<span key=${way} class=${`way way-${way}`}><${Icon}
      name="up" size=${26} /></span>`)}
    <span class="pad-ring"></span>
    <span class="stick" style=${{ transform: `translate(-50%, -50%) translate(${x * 78}px, ${-y * 78}px)` }}></span>
  </div>`;
}

const round = (speed) => Math.round(speed * 100) / 100;

function Rocker({ driven, blocked }) {
  return html`<div class="rocker" role="group" aria-label=${say("zoom")}>
    <${Zoom} driven=${driven} blocked=${blocked} speed=${0.6} icon="zoomIn" word="zoomIn" />
    <${Zoom} driven=${driven} blocked=${blocked} speed=${-0.6} icon="zoomOut" word="zoomOut" />
  </div>`;
}

function Zoom({ driven, blocked, speed, icon, word }) {
  const held = useSignal(false);
  const start = (event) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.value = true;
    driven.move({ zoom: speed });
  };
  const release = () => {
    if (held.value) driven.move({ zoom: 0 });
    held.value = false;
  };
  const byKey = (moving) => (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) driven.move({ zoom: moving });
  };
  return html`<button class=${classes("zoom", held.value && "is-held")} disabled=${blocked}
    data-action=${word} aria-label=${say(word)}
    onPointerDown=${start} onPointerUp=${release} onPointerCancel=${release} onLostPointerCapture=${release}
    onKeyDown=${byKey(speed)} onKeyUp=${byKey(0)}><${Icon} name=${icon}
      size=${26} /><span>${say(word)}</span></button>`;
}

function Presets({ room, camera, blocked, why }) {
  const names = Object.keys(camera.presets ?? {});
  const told = camera.points.find((point) => point.word === "preset");
  const moving = camera.points.find((point) => point.word === "moving")?.value === true;
  const wanted = asked.value.get(`${camera.device} preset`);
  const there = (name) =>
    told?.value === camera.presets[name] && told?.value !== null && !moving && !why;
  return html`<div class="presets" role="group" aria-label=${say("presets")}>
    ${names.map(
      (
        name,
      ) => html`<button key=${name} class=${classes("choice", there(name) && "is-on", wanted === name && "is-pending")} data-preset=${name}
      aria-pressed=${there(name)} disabled=${blocked} ...${press(() => ask(room, camera.device, "preset", name))}>
      <${Icon} name=${there(name) ? "confirmed" : "ready"}
        size=${16} /><span>${nameWords(name)}</span></button>`,
    )}
  </div>`;
}
