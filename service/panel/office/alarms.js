/** The alarms: those that stand, seen by a tap, and all there were. */

import { useState } from "preact/hooks";

import { classes, html } from "../dom.js";
import { pathTo } from "../place.js";
import { Trouble, useStoring } from "../storing.js";
import { language } from "../words.js";
import { at, query, read, send } from "./api.js";
import { between, lasted, moment } from "./dates.js";
import { say, SEVERITY_STATES } from "./incident_terms.js";
import { Ways } from "./incidents.js";
import { Act, deviceTitle, Empty, Head, roomTitle, Segments, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

export function Alarms() {
  const [which, setWhich] = useState("active");
  const [older, setOlder] = useState([]);
  const ask = (more) => read(query(at("alarms"), { active: which === "active" ? "true" : "", ...more }));
  const told = useTold(() => ask({}), [which], { types: ["alarm"] });
  const choose = (chosen) => {
    setWhich(chosen);
    setOlder([]);
  };
  return html`<${Head} title=${say("alarms")} under=${say("alarmsMean")}><${Ways} value="alarms" /></${Head}>
    <div class="filters"><${Segments} name="alarms" label=${say("alarms")} value=${which} onChoose=${choose}
      options=${["active", "all"].map((each) => [each, say(`alarms-${each}`)])} /></div>
    <${Told} told=${told}>${({ alarms, more }) => {
      const shown = [...alarms, ...older.flatMap((page) => page.alarms)];
      if (!shown.length) return html`<${Empty} icon="confirmed">${say("noAlarms")}</${Empty}>`;
      const next = async () => setOlder([...older, await ask({ before: shown.at(-1).alarm })]);
      return html`<div class="table alarms" role="list">${shown.map((each) => html`<${One} key=${each.alarm} alarm=${each} onDone=${told.again} />`)}</div>
        ${(older.length ? older.at(-1).more : more) && html`<${Act} name="more" kind="quiet" onAct=${next}>${say("more")}</${Act}>`}`;
    }}</${Told}>`;
}

function One({ alarm, onDone }) {
  const [doing, act] = useStoring();
  const go = () => act(async () => (await send(at("alarms", alarm.alarm, "acknowledge"), {}), onDone()));
  const place = [roomTitle(alarm.room), deviceTitle(alarm.room, alarm.device)].filter(Boolean).join(" · ");
  const often = alarm.times > 1 ? ` · ${alarm.times} ${say("times")}` : "";
  return html`<div class=${classes("table-row", !alarm.active && "is-over")} role="listitem" data-alarm=${alarm.alarm}
    data-key=${alarm.key} data-active=${alarm.active} data-acknowledged=${Boolean(alarm.acknowledged)}>
    <${Tag} state=${alarm.active ? SEVERITY_STATES[alarm.severity] : "ready"} icon="warning">${say(`severity-${alarm.severity}`)}</${Tag}>
    <span><b>${alarm.text[language.value]}</b><span class="soft alarm-place">${place} · ${moment(alarm.since)}${often} · ${lasted(
      between(alarm.since, alarm.cleared ?? new Date().toISOString()),
    )}</span><${Trouble} storing=${doing} /></span>
    <span>${alarm.incident && html`<a class="linked" href=${pathTo("office", "incidents", String(alarm.incident))}>${say("itsIncident")} ${alarm.incident}</a>`}</span>
    ${
      alarm.acknowledged
        ? html`<span class="soft">${say("acknowledged")}<span class="alarm-place">${alarm.acknowledged_by} ${moment(alarm.acknowledged)}</span></span>`
        : alarm.active
          ? html`<${Act} name="acknowledge" needs="record" room=${alarm.room} onAct=${go} under=${doing.under}>${say("acknowledge")}</${Act}>`
          : html`<span class="soft">${say("cleared")}</span>`
    }</div>`;
}
