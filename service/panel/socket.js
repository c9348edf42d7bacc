/** The line to the server: open it, listen, open it again. */

import { known, refresh, session } from "./access.js";
import { devicesOf, journalOf, panelName, runsOf } from "./api.js";
import {
  hidden,
  isOverdue,
  link,
  lost,
  roomNamed,
  silenceOf,
  tell,
  tellDevices,
  tellEntries,
  tellRun,
} from "./state.js";

const FIRST = 0.3; // seconds before the first attempt to reconnect, doubled up to LAST, each with jitter
const LAST = 2;
const WAITS = 15_000; // ms between two looks whether somebody has logged in elsewhere
const SILENT = 3000; // ms without a beat after which a socket is given up
const AGES_EVERY = 1000; // ms; what is read again unchanged makes no message
const AGED = 1.5; // seconds after which the age of a device is asked for again

let socket = null;
let attempts = 0;
let timer = 0;

function dial() {
  clearTimeout(timer);
  discard();
  link.value = { ...link.value, open: false, greeted: false };
  if (!known.peek()) {
    refresh(); // its coming dials anew
    timer = setTimeout(dial, session.peek() ? WAITS : LAST * 1000);
    return;
  }
  const url = new URL("/api/v1/ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  // By this name the server knows whose cameras to stop when the line is lost.
  if (panelName) url.searchParams.set("panel", panelName);
  const mine = new WebSocket(url);
  socket = mine;
  mine.onmessage = ({ data }) => {
    if (mine !== socket) return;
    const message = JSON.parse(data);
    if (message.type === "hello") attempts = 0;
    tell(message);
  };
  mine.onclose = () => mine === socket && again();
  timer = setTimeout(() => mine === socket && !link.value.greeted && again(), 2 * SILENT);
}

/** Silence a socket for good: a half-open one may still speak once its line is back. */
function discard() {
  if (!socket) return;
  const old = socket;
  socket = null;
  old.onmessage = old.onclose = null;
  old.close();
}

function again() {
  discard();
  link.value = { ...link.value, open: false, greeted: false };
  refresh(); // a login that is over is refused like a line that is lost
  const pause = Math.min(LAST, FIRST * 2 ** attempts++) * (0.5 + Math.random());
  clearTimeout(timer);
  timer = setTimeout(dial, pause * 1000);
}

function watch() {
  const { open, beat } = link.value;
  if (open && performance.now() - beat > SILENT) again();
}

/** A page that comes back to the front may have slept: believe nothing older than a beat, and do not wait to ask. */
function seen() {
  hidden.value = document.hidden;
  if (document.hidden) return;
  const { open, beat } = link.value;
  if (!open || performance.now() - beat > SILENT) {
    attempts = 0;
    dial();
  }
}

/**
 * Keep the state fed.
 * @param {import("@preact/signals").ReadonlySignal<string|undefined>} room the name of the room that is looked at
 */
export function connect(room) {
  known.subscribe(dial);
  setInterval(watch, 500);
  document.addEventListener("visibilitychange", seen);
  addEventListener("online", seen);
  const readAges = () => {
    const name = room.peek();
    if (hidden.peek() || lost.peek() !== null || !name) return;
    const looked = roomNamed(name);
    const aged = [...(looked?.devices.values() ?? [])].some(
      (device) => silenceOf(device.peek()) > AGED,
    );
    if (aged)
      devicesOf(name).then(
        (devices) => tellDevices(looked, devices),
        () => {},
      );
    if (looked?.runs.peek().some(isOverdue))
      runsOf(name).then(
        (runs) => runs.forEach((run) => tellRun(looked, run)),
        () => {},
      );
  };
  setInterval(readAges, AGES_EVERY);
  room.subscribe(readAges);
}

export const fetchEntries = (room) => journalOf(room).then(tellEntries, () => {});
