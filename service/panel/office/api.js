/** The API as the office pages use it. */

import { BASE, get, post } from "../api.js";

const SLOW = 20_000; // ms; what goes through the journal
const UPLOAD = 60_000; // ms

/** `at("meetings", 7)`: an address of the API. */
export const at = (...parts) => [BASE, ...parts.map((part) => encodeURIComponent(part))].join("/");

/** With what is asked for; what is undefined, null or empty is left out. */
export function query(path, asked) {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export const read = (path) => get(path, AbortSignal.timeout(SLOW));
export const send = (path, body, options) => post(path, body, { signal: AbortSignal.timeout(SLOW), ...options });
export const put = (path, body) => send(path, body, { method: "PUT" });

/** Send a file as it is. */
export const upload = (path, file, type = file.type) =>
  send(path, undefined, { body: file, headers: { "Content-Type": type }, signal: AbortSignal.timeout(UPLOAD) });
