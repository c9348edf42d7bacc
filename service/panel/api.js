/** The API as the panel uses it. Nothing here keeps state. */

export const BASE = "/api/v1";
export const PATIENCE = 4000; // ms; a line that hangs is as good as a lost one
const SLOW = 20_000; // ms; a room is read back, or a camera stores and is read back
const AGAIN_AFTER = [200, 600]; // ms; a take that may not have arrived is sent again under its key

/** What the panel calls itself: ?panel=NAME; encoded, as a header wants it. */
export const panelName = encodeURIComponent(
  new URLSearchParams(location.search).get("panel") ?? "",
);
const named = panelName ? { "X-Panel": panelName } : {};

const roomPath = (room, ...parts) =>
  [BASE, "rooms", room, ...parts]
    .map((part, at) => (at ? encodeURIComponent(part) : part))
    .join("/");

/** The server said no. `code` is its error's, `words` in both languages. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? "";
    this.words = { en: this.message, zh: body?.detail_zh ?? this.message };
  }
}

async function answered(response) {
  const body = response.status === 204 ? null : await response.json().catch(() => null);
  if (body?.code === "no-login") dispatchEvent(new Event("avctl:no-login"));
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}

export const get = (path, signal) => fetch(path, { signal, cache: "no-store" }).then(answered);

export function post(path, body, { headers = {}, method = "POST", ...options } = {}) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(path, {
    method,
    headers: { ...type, ...named, ...headers },
    signal,
    ...json,
    ...options,
  }).then(answered);
}

export const devicesOf = (room) =>
  get(roomPath(room, "devices"), AbortSignal.timeout(PATIENCE)).then(
    (told) => told.devices ?? told,
  );
export const runsOf = (room) =>
  get(roomPath(room, "runs"), AbortSignal.timeout(PATIENCE)).then((told) => told.runs);
export const journalOf = (room) =>
  get(`${BASE}/journal?limit=100&room=${encodeURIComponent(room)}`).then((told) => told.entries);

/** Sent again under the same key when no answer came, which makes it the same take. */
async function surely(path, body, key) {
  for (const pause of [...AGAIN_AFTER, null]) {
    try {
      return await post(path, body, { headers: { "Idempotency-Key": key } });
    } catch (error) {
      if (error instanceof Problem || pause === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Take a scene. @param {{arguments?: Object<string, string>, confirm?: boolean}} [how] */
export const take = (room, scene, key, how) =>
  surely(roomPath(room, "scenes", scene, "take"), how, key);

/** Take a pair to a side. @param {"main"|"backup"} to */
export const changeOver = (room, pair, to, key) =>
  surely(roomPath(room, "pairs", pair, "change-over"), { to }, key);

export const armPair = (room, pair, arm) =>
  post(roomPath(room, "pairs", pair, "arm"), { arm }, { method: "PUT" });
export const resetPair = (room, pair) => post(roomPath(room, "pairs", pair, "reset"));

/** Rehearse a room's pairs: to their backups and back. @param {{during_meeting?: boolean}} how */
export const startDrill = (room, how) => post(roomPath(room, "drill"), how);

/** The warm-ups of a room, the newest first, and what is done with one. */
export const warmUpsOf = (room) => get(`${roomPath(room, "warm-ups")}?limit=1`, AbortSignal.timeout(PATIENCE));
export const startWarmUp = (room, how) => post(roomPath(room, "warm-ups"), how);
export const breakOffWarmUp = (room, run) => post(roomPath(room, "warm-ups", run, "break-off"));
export const warmUpPicture = (room, run) => roomPath(room, "warm-ups", run, "picture.svg");

/** Meetings: begun in a room, ended by their number. @param {{title: string}} how */
export const beginMeeting = (room, how) => post(roomPath(room, "meeting"), how);
export const endMeeting = (meeting) => post(`${BASE}/meetings/${meeting}/end`);

/** How the room stands, read back now, in the words of scenes. */
export const standingOf = (room) => get(roomPath(room, "state"), AbortSignal.timeout(SLOW));

/** Store the room as it stands. @param {{title: {zh: string, en: string}, only: string[], replace: boolean}} body */
export const storeScene = (room, scene, body) =>
  post(roomPath(room, "scenes", scene, "store"), body, { signal: AbortSignal.timeout(SLOW) });

/** Store where a camera looks. */
export const storePreset = (room, camera, preset) =>
  post(roomPath(room, "cameras", camera, "presets", preset, "store"), undefined, {
    signal: AbortSignal.timeout(SLOW),
  });

/** What a take would do if it began now. */
export const planOf = (room, scene, chosen) =>
  post(roomPath(room, "scenes", scene, "plan"), { arguments: chosen });

/** Set one place of a target and wait for its verdict, at most two seconds. */
export const set = (room, target, word, value) =>
  post(`${roomPath(room, "set")}?wait=2`, { target, word, value });

export const drive = (room, camera, motion, signal) =>
  post(roomPath(room, "cameras", camera, "drive"), motion, { signal });

/** Also while the page goes away. */
export const stop = (room, camera) =>
  post(roomPath(room, "cameras", camera, "stop"), undefined, { keepalive: true });

export const newKey = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/**
 * A way to send of which only the newest value matters: one request under way, the newest value next.
 * @template V @param {(value: V) => Promise<unknown>} send
 * @returns {(value: V) => Promise<void>} ends when nothing is under way any more; fails with the last send's error
 */
export function newestOnly(send) {
  let next = null;
  let under = null;
  const run = async () => {
    while (next) {
      const [value] = next;
      next = null;
      try {
        await send(value);
      } catch (error) {
        if (!next) throw error;
      }
    }
  };
  return (value) => {
    next = [value];
    under ??= run().finally(() => (under = null));
    return under;
  };
}
