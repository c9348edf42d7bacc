/** The incidents: those that are not over, all there were, reporting one; the register, and the alarms that stand. */

import { useState } from "preact/hooks";

import { html } from "../dom.js";
import { goTo, pathTo } from "../place.js";
import { Sheet } from "../sheet.js";
import { roomNamed } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { language, titleOf } from "../words.js";
import { Alarms } from "./alarms.js";
import { at, query, read, send } from "./api.js";
import { between, lasted, moment, momentOf } from "./dates.js";
import { OneIncident } from "./incident.js";
import { NATURES, say, SEVERITIES, SEVERITY_STATES, STATES } from "./incident_terms.js";
import { Act, deviceTitle, Empty, Field, Head, Pick, roomOptions, roomTitle, Segments, Tag } from "./parts.js";
import { Register } from "./register.js";
import { Told, useTold } from "./told.js";

const NOT_OVER = ["open", "responded", "repaired"];
const fresh = { kinds: ["incident-log"], types: ["incident"] };

export function Page({ path: [what] }) {
  if (/^\d+$/.test(what ?? "")) return html`<${OneIncident} key=${what} number=${what} />`;
  if (what === "alarms") return html`<${Alarms} />`;
  return what === "register" ? html`<${Register} />` : html`<${All} />`;
}

/** The ways between the pages of what goes wrong. */
export const Ways = ({ value }) =>
  html`<${Segments} name="way" label=${say("page-incidents")} value=${value} options=${[["", say("incidents")], ["alarms", say("alarms")], ["register", say("register")]]}
    onChoose=${(way) => goTo("office", "incidents", ...(way ? [way] : []))} />`;

async function incidentsOf(filter, room) {
  const ask = (more) => read(query(at("incidents"), { room, ...more }));
  if (filter === "closed") return ask({ state: "closed" });
  if (filter === "all") return ask({});
  const pages = await Promise.all(NOT_OVER.map((state) => ask({ state, limit: 200 })));
  return { incidents: pages.flatMap((page) => page.incidents).sort((one, other) => other.incident - one.incident), more: false };
}

function All() {
  const [filter, setFilter] = useState("open");
  const [room, setRoom] = useState("");
  const [older, setOlder] = useState([]);
  const [reporting, setReporting] = useState(false);
  const told = useTold(() => incidentsOf(filter, room), [filter, room], fresh);
  const choose = (set) => (value) => {
    set(value);
    setOlder([]);
  };
  return html`<${Head} title=${say("page-incidents")}><${Ways} value="" />
      <${Act} name="report-incident" icon="plus" needs="record" kind="main" onAct=${() => setReporting(true)}>${say("reportOne")}</${Act}></${Head}>
    <div class="filters"><${Segments} name="state" label=${say("state")} value=${filter} onChoose=${choose(setFilter)}
        options=${["open", "closed", "all"].map((each) => [each, say(`filter-${each}`)])} />
      <${Pick} name="room" label=${say("room")} value=${room} onChoose=${choose(setRoom)} options=${[["", say("allRooms")], ...roomOptions()]} /></div>
    <${Told} told=${told}>${({ incidents, more }) => {
      const shown = [...incidents, ...older.flatMap((page) => page.incidents)];
      if (!shown.length) return html`<${Empty} icon="incident">${say(filter === "open" ? "noneOpen" : "noneYet")}</${Empty}>`;
      const next = async () =>
        setOlder([...older, await read(query(at("incidents"), { room, state: filter === "closed" ? filter : "", before: shown.at(-1).incident }))]);
      return html`<${Rows} incidents=${shown} />
        ${(older.length ? older.at(-1).more : more) && html`<${Act} name="more" kind="quiet" onAct=${next}>${say("more")}</${Act}>`}`;
    }}</${Told}>
    ${reporting && html`<${Report} onClose=${() => setReporting(false)} />`}`;
}

export const signsOf = ({ text, signs }) => text?.[language.value] || signs;

function Rows({ incidents }) {
  return html`<div class="table incidents" role="table">
    <div class="table-head" role="row">${["number", "reported", "signs", "severity", "state", "took"].map(
      (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
    )}</div>
    ${incidents.map(
      (each) => html`<a class="table-row" role="row" key=${each.incident} data-incident=${each.incident} data-state=${each.state}
        href=${pathTo("office", "incidents", String(each.incident))}>
        <span role="cell" class="soft">${each.incident}</span><span role="cell">${moment(each.reported)}</span>
        <span role="cell"><b class="one-line-block">${signsOf(each)}</b><span class="soft">${[roomTitle(each.room), deviceTitle(each.room, each.device)].filter(Boolean).join(" · ")}</span></span>
        <span role="cell"><${Tag} state=${SEVERITY_STATES[each.severity]} icon="warning">${say(`severity-${each.severity}`)}</${Tag}></span>
        <span role="cell"><${Tag} state=${STATES[each.state]}>${say(`state-${each.state}`)}</${Tag}></span>
        <span role="cell" class="soft">${lasted(between(each.reported, each.repaired ?? new Date().toISOString()))}</span></a>`,
    )}</div>`;
}

const EMPTY = { room: "", device: "", signs: "", severity: "warning", nature: "unknown", at: "" };

function Report({ onClose }) {
  const [body, setBody] = useState(EMPTY);
  const [reporting, report] = useStoring();
  const change = (word) => (value) => setBody({ ...body, [word]: value, ...(word === "room" ? { device: "" } : {}) });
  const devices = [...(roomNamed(body.room)?.devices.values() ?? [])].map(({ value }) => [value.device, titleOf(value)]);
  const go = () =>
    report(async () => {
      const { incident } = await send(at("incidents"), { ...body, room: body.room || null, at: momentOf(body.at) ?? null });
      onClose();
      goTo("office", "incidents", String(incident));
    });
  return html`<${Sheet} name="report-incident" title=${say("reportOne")} onClose=${onClose}>
    <div class="form sheet-form">
      <${Pick} name="room" label=${say("room")} value=${body.room} onChoose=${change("room")} options=${[["", say("wholeSite")], ...roomOptions()]} />
      <${Pick} name="device" label=${say("device")} value=${body.device} onChoose=${change("device")} options=${[["", say("noDevice")], ...devices]} />
      <${Field} name="signs" label=${say("signs")} value=${body.signs} onInput=${change("signs")} long wide maxlength="4000" />
      <div class="is-wide labelled"><span>${say("severity")}</span><${Segments} name="severity" label=${say("severity")} value=${body.severity}
        onChoose=${change("severity")} options=${SEVERITIES.map((each) => [each, say(`severity-${each}`)])} /></div>
      <div class="is-wide labelled"><span>${say("nature")}</span><${Segments} name="nature" label=${say("nature")} value=${body.nature}
        onChoose=${change("nature")} options=${NATURES.map((each) => [each, say(`nature-${each}`)])} /></div>
      <${Field} name="at" label=${`${say("noticed")} (${say("optional")})`} value=${body.at} onInput=${change("at")} type="datetime-local" wide />
    </div>
    <${Trouble} storing=${reporting} />
    <${Act} name="send-report" kind="main" onAct=${go} under=${reporting.under} disabled=${!body.signs.trim()}>${say("reportOne")}</${Act}>
  </${Sheet}>`;
}
