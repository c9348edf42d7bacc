/** Where the page is, by its address: `#/room/NAME`, or `#/office/PAGE/…`. */

import { computed, signal } from "@preact/signals";

const inUrl = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);

/** The parts of the address. */
export const place = signal(inUrl());
addEventListener("hashchange", () => (place.value = inUrl()));

export const roomInUrl = () => (place.value[0] === "room" ? (place.value[1] ?? "") : "");
export const inOffice = computed(() => place.value[0] === "office");

export const pathTo = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;
export const goTo = (...parts) => (location.hash = pathTo(...parts));
