/** A sheet over the page: one at a time, closed by Escape, by its cross, or by a tap beside it. */

import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { say } from "./words.js";

/** What is open: {kind: "choose"|"plan"|"scene"|"preset", room, of: the name of its scene or camera}, or null. */
export const sheet = signal(null);
export const openSheet = (kind, room, of) => (sheet.value = { kind, room: room.name, of });
export const closeSheet = () => (sheet.value = null);

/** @param {{name: string, title: string, onClose?: () => void, children: unknown}} properties */
export function Sheet({ name, title, onClose = closeSheet, children }) {
  const dialog = useRef(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    current.showModal();
    return () => current.close();
  }, []);
  return html`<dialog ref=${dialog} class="sheet" data-sheet=${name} aria-label=${title}
    onCancel=${onClose} onPointerDown=${(event) => event.target === dialog.current && onClose()}>
    <div class="sheet-in">
      <header class="sheet-head"><h2>${title}</h2>
        <button class="icon-button" data-action="close-sheet" aria-label=${say("close")}
          onClick=${onClose}><${Icon} name="close" size=${22} /></button></header>
      ${children}
    </div>
  </dialog>`;
}
