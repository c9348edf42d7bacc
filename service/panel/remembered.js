/** What the browser keeps between visits. */

import { signal } from "@preact/signals";

/** A signal that lives in the browser's storage. A browser that forbids storage forgets it with the page. */
export function remembered(key, otherwise) {
  const kept = signal(read(key) ?? otherwise);
  kept.subscribe((value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // private windows
    }
  });
  return kept;
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
