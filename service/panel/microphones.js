/** The microphones: a fader, a mute and a meter each. */

import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";

import { isBarred } from "./access.js";
import { newestOnly } from "./api.js";
import { ask, asked } from "./commands.js";
import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { press } from "./press.js";
import { clamp, heightOf, HIGHEST, levelAt, LOWEST, MARKS } from "./scale.js";
import { ageOf, doubt } from "./state.js";
import { decibels, readAgo, say, titleOf } from "./words.js";

const NEAR = 0.15; // dB within which a level read back is the one asked for
const SETTLE = 400; // ms that the knob waits for its reading once its last setting is through
const HOLD = 1500; // ms that a peak stands

export function Microphones({ room }) {
  if (!room.microphones.size) return html`<p class="empty">${say("noMicrophones")}</p>`;
  return html`<div class="microphones">
    ${[...room.microphones].map(([name, told]) => html`<${Microphone} key=${name} room=${room}
      told=${told} />`)}
  </div>`;
}

function Microphone({ room, told }) {
  const mic = told.value;
  const device = room.devices.get(mic.device)?.value;
  const why = doubt(device);
  const muting = asked.value.get(`${mic.microphone} muted`);
  const muted = mic.muted;
  const state = why || muted === null ? "unknown" : muted ? "muted" : "live";
  const blocked = isBarred(room) || why === "down";
  return html`<div class=${classes("mic", `is-${state}`, why && "is-doubted")}
    data-microphone=${mic.microphone}
    data-muted=${muted === null ? "unknown" : muted} data-doubt=${why}>
    <h3 class="mic-title">${titleOf(mic)}</h3>
    <${Fader} room=${room} told=${told} blocked=${blocked} doubted=${why !== ""} />
    <button class=${classes("mute", `is-${state}`, muting !== undefined && "is-pending")}
      aria-pressed=${muted === true}
      aria-label=${`${titleOf(mic)} — ${say("mute")}`} disabled=${blocked || muted === null} data-action="mute"
      ...${press(() => ask(room, mic.microphone, "muted", !(muting ?? muted)))}>
      <${Icon} name=${muted ? "micOff" : "mic"}
        size=${22} /><b>${say(muted === null ? "dontKnow" : muted ? "muted" : "live")}</b>
    </button>
    <span class="mic-age">${why === "down" ? say("down") : readAgo(ageOf(device, `fader/${mic.channel}`, `muted/${mic.channel}`))}</span>
  </div>`;
}

/** The knob's wish: what the finger holds, sent as fast as answers come, and kept until it was read back. */
function useWish(room, told) {
  const wish = useSignal(null);
  const timer = useRef(0);
  const send = useMemo(
    () => newestOnly((level) => ask(room, told.peek().microphone, "fader", level)),
    [room, told],
  );
  const want = (level) => {
    clearTimeout(timer.current);
    wish.value = Math.round(clamp(level) * 10) / 10;
    send(wish.value).finally(() => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => (wish.value = null), SETTLE);
    });
  };
  return [wish, want];
}

function Fader({ room, told, blocked, doubted }) {
  const mic = told.value;
  const [wish, want] = useWish(room, told);
  const grip = useRef(null);
  const track = useRef(null);
  const held = grip.current !== null;
  const arrived =
    !held && wish.value !== null && mic.fader !== null && Math.abs(mic.fader - wish.value) <= NEAR;
  const level = wish.value === null || arrived ? mic.fader : wish.value;
  const mayMove = !blocked && mic.fader !== null;

  // The knob is moved, not the track hit: a touch beside it must not make a microphone jump.
  const onPointerDown = (event) => {
    if (!mayMove || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = {
      y: event.clientY,
      height: heightOf(level),
      length: track.current.clientHeight,
    };
  };
  const onPointerMove = (event) => {
    if (event.buttons === 0) release();
    if (!grip.current) return;
    const { y, height, length } = grip.current;
    want(levelAt(height + (y - event.clientY) / length));
  };
  const release = () => (grip.current = null);
  const onKeyDown = (event) => {
    const step = {
      ArrowUp: 1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowLeft: -1,
      PageUp: 6,
      PageDown: -6,
    }[event.key];
    if (!step || !mayMove) return;
    event.preventDefault();
    want((wish.value ?? level) + step);
  };

  return html`<div class="fader">
    <output class=${classes("level", wish.value !== null && !arrived && "is-pending")}>
      ${level === null ? "—" : decibels(level)}<small> dB</small></output>
    <div class="fader-field">
      <${Scale} />
      <div class="slider" role="slider" tabindex=${mayMove ? 0 : -1} aria-orientation="vertical"
        aria-label=${`${titleOf(mic)} — ${say("fader")}`}
        aria-valuemin=${LOWEST} aria-valuemax=${HIGHEST} aria-valuenow=${level} aria-disabled=${!mayMove}
        aria-valuetext=${level === null ? say("dontKnow") : `${decibels(level)} dB`} data-fader=${mic.fader}
        onPointerDown=${onPointerDown} onPointerMove=${onPointerMove} onPointerUp=${release} onPointerCancel=${release}
        onLostPointerCapture=${release} onKeyDown=${onKeyDown}>
        <div class="slider-track" ref=${track}>
          ${mic.nominal !== null && html`<span class="nominal"
            style=${{ bottom: `${heightOf(mic.nominal) * 100}%` }}></span>`}
          ${level !== null && html`<span class="knob"
            style=${{ bottom: `${heightOf(level) * 100}%` }}></span>`}
        </div>
      </div>
      <${Meter} level=${doubted ? null : mic.meter} title=${titleOf(mic)} />
    </div>
    <button class="to-nominal" disabled=${!mayMove} title=${say("toNominal")} data-action="nominal"
      ...${press(() => want(mic.nominal))}>
      ${say("nominal")} ${decibels(mic.nominal ?? 0)}</button>
  </div>`;
}

function Scale() {
  return html`<div class="scale" aria-hidden="true">
    ${MARKS.map((mark) => html`<span key=${mark}
      style=${{ bottom: `${heightOf(mark) * 100}%` }}>${mark > 0 ? `+${mark}` : decibels(mark).replace(".0", "")}</span>`)}
  </div>`;
}

function Meter({ level, title }) {
  const peak = useRef({ level: LOWEST, at: 0 });
  const moment = performance.now();
  if (level === null) peak.current = { level: LOWEST, at: 0 };
  else if (level >= peak.current.level || moment - peak.current.at > HOLD)
    peak.current = { level, at: moment };
  const height = level === null ? 0 : heightOf(level);
  return html`<div class=${classes("meter", level === null && "is-dark")} role="meter"
    aria-label=${`${title} — ${say("meter")}`}
    aria-valuemin=${LOWEST} aria-valuemax=${HIGHEST} aria-valuenow=${level ?? LOWEST} aria-valuetext=${level === null ? say("dontKnow") : `${decibels(level)} dB`}>
    <span class="meter-bar"></span>
    <span class="meter-cover" style=${{ transform: `scaleY(${(1 - height).toFixed(4)})` }}></span>
    ${level !== null && peak.current.level > LOWEST && html`<span class="meter-peak"
      style=${{ bottom: `${heightOf(peak.current.level) * 100}%` }}></span>`}
  </div>`;
}
