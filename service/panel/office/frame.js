/** The office pages: their menu, and the one that is looked at. Each is fetched when it is first opened. */

import { effect } from "@preact/signals";

import { may, session } from "../access.js";
import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { Later } from "../later.js";
import { pathTo, place } from "../place.js";
import { remembered } from "../remembered.js";
import { lost } from "../state.js";
import { say } from "./terms.js";

const PAGES = {
  schedule: { icon: "calendar", load: () => import("./schedule.js"), css: ["office/schedule.css"] },
  "warm-ups": { icon: "power", load: () => import("./warmups.js"), css: ["office/warmups.css"] },
  meetings: { icon: "meeting", load: () => import("./meetings.js"), css: ["office/meetings.css"] },
  incidents: { icon: "incident", load: () => import("./incidents.js"), css: ["office/incidents.css"] },
  inspections: { icon: "inspection", load: () => import("./inspections.js"), css: ["office/inspections.css"] },
  ledger: { icon: "ledger", load: () => import("./ledger.js"), css: ["office/ledger.css"] },
  reports: { icon: "report", load: () => import("./reports.js"), css: ["office/reports.css"], rights: ["report"] },
  people: { icon: "people", load: () => import("./people.js"), css: ["office/people.css"], rights: ["administer", "audit"] },
};

/** Whether who is here may open a page. Where nobody logs in there are no people. */
const open = (name) =>
  !PAGES[name].rights || ((name !== "people" || session.value?.kind !== "open") && PAGES[name].rights.some((right) => may(right)));

const last = remembered("avctl.office", "schedule");
const shown = () => [place.value[1], last.value, "schedule"].find((name) => Object.hasOwn(PAGES, name ?? "") && open(name));

effect(() => {
  if (place.value[0] === "office") last.value = shown();
});

export function Page() {
  const name = shown();
  const { load, css } = PAGES[name];
  const path = place.value[1] === name ? place.value.slice(2) : [];
  return html`<div class="office" data-lost=${lost.value !== null}>
    <nav class="office-nav" aria-label=${say("office")}>
      ${Object.entries(PAGES).filter(([each]) => open(each)).map(
        ([each, { icon }]) => html`<a key=${each} class=${classes("office-tab", each === name && "is-on")} data-page=${each}
          href=${pathTo("office", each)} aria-current=${each === name ? "page" : undefined}><${Icon} name=${icon}
          size=${22} /><span>${say(`page-${each}`)}</span></a>`,
      )}
    </nav>
    <main class="office-page" data-office=${name}><${Later} key=${name} load=${load} css=${css} path=${path} /></main>
  </div>`;
}
