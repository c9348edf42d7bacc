/** Rehearsing changeovers: held, and what the last one showed. The journal tells it to every panel. */

import { useEffect, useState } from "preact/hooks";

import { isBarred } from "./access.js";
import { startDrill } from "./api.js";
import { html } from "./dom.js";
import { hold } from "./hold.js";
import { Icon } from "./icons.js";
import { fetchEntries } from "./socket.js";
import { entries } from "./state.js";
import { Trouble, useStoring } from "./storing.js";
import { targetTitle, whyWords } from "./values.js";
import { byWords, clockTime, milliseconds, say, titleOf } from "./words.js";

const openMicrophones = (room) =>
  [...room.microphones.values()].map((told) => told.value).filter(({ muted }) => muted === false);

/** {running, ended}: whether a drill is under way, and the last one's entry. A service that died ended none. */
function drillsOf(room) {
  const drills = entries.value.filter((entry) => entry.kind === "drill" && entry.room === room.name);
  const start = entries.value.find(({ kind, data }) => kind === "service" && data.event === "start");
  const [newest] = drills;
  return {
    running: newest?.data.event === "begun" && newest.seq > (start?.seq ?? 0),
    ended: drills.find(({ data }) => data.event === "ended"),
  };
}

export function Rehearsal({ room }) {
  useEffect(() => void fetchEntries(room.name), [room.name]);
  const [anyway, setAnyway] = useState(false);
  const [starting, start] = useStoring();
  const { running, ended } = drillsOf(room);
  const open = openMicrophones(room);
  const go = () => start(() => startDrill(room.name, { during_meeting: open.length > 0 && anyway }));
  const held = running || starting.under || isBarred(room, "maintain") || (open.length > 0 && !anyway);
  return html`<section class="rehearsal" data-rehearsal=${running ? "running" : (ended?.data.state ?? "")}>
    <p class="arm-means">${say("rehearseMeans")}</p>
    ${open.length > 0 && !running && html`<label class="store-note is-unknown" data-note="meeting"><input type="checkbox"
      data-field="anyway" checked=${anyway} onChange=${(event) => setAnyway(event.currentTarget.checked)} />
      <span>${say("meetingOn")}${open.map(titleOf).join(say("comma"))}. ${say("rehearseAnyway")}</span></label>`}
    <button class="rehearse" data-action="rehearse" disabled=${held} ...${hold(go)}>
      <span class="hold-fill"></span><${Icon} name=${running ? "running" : "backup"} size=${18} />
      <b>${say(running ? "rehearsing" : "holdToRehearse")}</b></button>
    <${Trouble} storing=${starting} />
    ${ended && !running && html`<${Result} room=${room} entry=${ended} />`}
  </section>`;
}

function Result({ room, entry: { at, data } }) {
  const good = data.state === "good";
  return html`<div class=${`rehearsed is-${good ? "confirmed" : "failed"}`} data-drill=${data.state}>
    <span class="verdict"><${Icon} name=${good ? "confirmed" : "failed"} size=${16} />
      <b>${say("drillEnded")} · ${say(`drill-${data.state}`)}</b>
      <span class="aside">${byWords(data.by)} · ${clockTime(new Date(at))}</span></span>
    ${data.why && html`<span class="why">${data.why}</span>`}
    ${data.rehearsals.map(
      ({ pair, good, there, back }) => html`<span key=${pair} class=${`line is-${good ? "confirmed" : "failed"}`}
        data-rehearsed=${pair}><${Icon} name=${good ? "confirmed" : "failed"} size=${15} />
        <span class="line-name">${targetTitle(room, pair)}</span>
        <span class="line-time">${wayWords("there", there)} · ${wayWords("back", back)}</span>
        ${wrongOf(there, back).map((step) => html`<span class="why">${whyWords(room, step)}</span>`)}</span>`,
    )}</div>`;
}

const wayWords = (word, run) =>
  `${say(word)} ${run.verdict === "confirmed" && run.duration !== null ? milliseconds(run.duration) : say(run.verdict ?? "unknown")}`;

const wrongOf = (...runs) =>
  runs.flatMap(({ steps }) => steps.filter(({ verdict }) => verdict === "failed" || verdict === "unknown"));
