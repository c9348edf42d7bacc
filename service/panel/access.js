/** Who is logged in here, and what they may do. */

import { computed, signal } from "@preact/signals";

import { BASE, get, PATIENCE, post } from "./api.js";
import { lost } from "./state.js";

/** What the service says of it; null until it did. */
export const session = signal(null);

/** Whether the page may ask for anything else. */
export const known = computed(() => Boolean(session.value?.kind) && !session.value.must_change);

const path = (...parts) => [BASE, "session", ...parts].join("/");
const LONGEST = 2 ** 31 - 1; // ms that a timer can wait
let over = 0;

function keep(told) {
  session.value = told;
  clearTimeout(over);
  if (told.until) over = setTimeout(refresh, Math.min(LONGEST, Math.max(1000, Date.parse(told.until) - Date.now() + 500)));
}

/** While the service is away, what it said last stands. */
export const refresh = () => get(path(), AbortSignal.timeout(PATIENCE)).then(keep, () => {});

const HASHING = 15_000; // ms; a password takes its time, and others may be before it
const slowly = (where, body, method = "POST") =>
  post(where, body, { method, signal: AbortSignal.timeout(HASHING) });

/** Whether a right is held, in a room or in the whole site. */
export const may = (right, room) =>
  Boolean(session.value?.rights.includes(right) || session.value?.rooms[room]?.includes(right));

/** Whether a control of a room stands still: the server is lost, or who is here has no right to it. */
export const isBarred = (room, right = "operate") => lost.value !== null || !may(right, room.name);

export const logIn = (name, password, code) => slowly(path(), { name, password, code });
export const setUp = (body) => slowly(`${BASE}/set-up`, body);
export const changePassword = (old, next) => slowly(path("password"), { old, new: next });
export const setPin = (password, pin) => slowly(path("pin"), { password, pin }, "PUT");
export const pinHolders = () => get(path("pin"), AbortSignal.timeout(PATIENCE)).then((told) => told.people);
export const enterPin = (name, pin) => slowly(path("pin"), { name, pin }).then(keep);
export const beginFactor = (password) => slowly(path("factor"), { password });
export const confirmFactor = (code) => slowly(path("factor", "confirm"), { code });
export const dropFactor = (password) => slowly(path("factor", "drop"), { password });

/** A page that another comes to begins anew: nothing of who was there before is left in it. */
const anew = () => location.reload();

export const logOut = () => post(path(), undefined, { method: "DELETE" }).then(anew);
export const logOutEverywhere = () => post(path("everywhere")).then(anew);
export const comeIn = anew;

addEventListener("avctl:no-login", refresh);
