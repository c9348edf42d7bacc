/** Pictures as they come in: each address fetched once for all who look at it, and only while somebody looks. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Problem } from "./api.js";
import { hidden, lost } from "./state.js";

const CALM = 1000; // ms between two fetches
const LIVELY = 500; // for LIVELY_FOR ms after a tap: the service fetches no faster
const LIVELY_FOR = 3000;
const PATIENCE = 4000;
const CLOSE_AFTER = 500; // ms in which everybody has drawn the next picture
// A browser opens six connections to a server. Cameras that hang must not take the one that a take needs.
const AT_ONCE = 3;

const NOTHING = { bitmap: null, at: 0, problem: null };
const feeds = new Map(); // url → {shown, users, leave}

let free = AT_ONCE;
const queue = [];

async function inTurn(work) {
  if (free > 0) free -= 1;
  else await new Promise((resolve) => queue.push(resolve));
  try {
    return await work();
  } finally {
    if (queue.length) queue.shift()();
    else free += 1;
  }
}

const tappedLately = (room) =>
  room.runs.peek().some((run) => !run.verdict || Date.now() - Date.parse(run.tapped) < LIVELY_FOR);

async function fetchPicture(url) {
  const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => null));
  const age = Number(response.headers.get("X-Picture-Age") ?? 0);
  return {
    bitmap: await createImageBitmap(await response.blob()),
    at: performance.now() - age * 1000,
  };
}

function show(shown, picture) {
  const old = shown.value.bitmap;
  shown.value = { ...picture, problem: null };
  if (old) setTimeout(() => old.close(), CLOSE_AFTER);
}

function follow(url, room) {
  const shown = signal(NOTHING);
  let going = true;
  let timer = 0;
  const once = async () => {
    if (!hidden.peek() && lost.peek() === null) {
      await inTurn(() => (going ? fetchPicture(url) : null)).then(
        (picture) => (going ? show(shown, picture) : picture?.bitmap.close()),
        (error) => (shown.value = { ...shown.value, problem: error }),
      );
    }
    if (going) timer = setTimeout(once, tappedLately(room) ? LIVELY : CALM);
  };
  once();
  const leave = () => {
    going = false;
    clearTimeout(timer);
    feeds.delete(url);
    shown.value.bitmap?.close();
  };
  return { shown, users: 0, leave };
}

/** {bitmap, at, problem} of an address, as it changes; nothing for a thing without a picture. */
export function usePicture(url, room) {
  if (url && !feeds.has(url)) feeds.set(url, follow(url, room));
  useEffect(() => {
    const feed = feeds.get(url);
    if (!feed) return undefined;
    feed.users += 1;
    return () => {
      feed.users -= 1;
      // Whoever takes over in the same render keeps it going.
      setTimeout(() => feed.users === 0 && feeds.get(url) === feed && feed.leave(), 0);
    };
  }, [url]);
  return url ? feeds.get(url).shown.value : NOTHING;
}
