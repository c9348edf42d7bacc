/** One incident: from the report to the confirmed repair, and what is to be done next. */

import { useState } from "preact/hooks";

import { may } from "../access.js";
import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { pathTo } from "../place.js";
import { Trouble, useStoring } from "../storing.js";
import { at, read, send } from "./api.js";
import { between, lasted, moment } from "./dates.js";
import { NATURES, say, SEVERITY_STATES, STATES } from "./incident_terms.js";
import { signsOf } from "./incidents.js";
import { Act, deviceTitle, Facts, Field, Head, roomTitle, Segments, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

export function OneIncident({ number }) {
  const told = useTold(() => read(at("incidents", number)), [number], { kinds: ["incident-log"], types: ["incident"] });
  const it = told.value;
  const place = it && [roomTitle(it.room), deviceTitle(it.room, it.device)].filter(Boolean).join(" · ");
  return html`<${Head} title=${`${say("incident")} ${number}`} back=${["incidents"]} under=${place}>
      ${it && html`<${Tag} state=${SEVERITY_STATES[it.severity]} icon="warning">${say(`severity-${it.severity}`)}</${Tag}>
        <${Tag} state=${STATES[it.state]} data-incident-state=${it.state}>${say(`state-${it.state}`)}</${Tag}>`}</${Head}>
    <${Told} told=${told}>${(incident) => html`<section class="card"><p class="signs">${signsOf(incident)}</p>
        <${Facts} facts=${[
          [say("nature"), say(`nature-${incident.nature}`)],
          [say("source"), say(`source-${incident.source}`)],
          [say("vendor"), incident.vendor],
          [say("parts"), incident.parts],
        ]} />${incident.meeting && html`<a class="linked" href=${pathTo("office", "meetings", String(incident.meeting))}>${say("inMeeting")}</a>`}</section>
      <div class="beside"><div>${may("record", incident.room) && html`<${Next} key=${incident.state} incident=${incident} onDone=${told.again} />`}<${History} incident=${incident} /></div>
        <div><${Stages} incident=${incident} /></div></div>`}</${Told}>`;
}

/** The four stages, with when, by whom, and how long after the report. */
function Stages({ incident }) {
  const stages = [
    ["reported", incident.reported, incident.reported_by],
    ["responded", incident.responded, incident.responded_by],
    ["repaired", incident.repaired, incident.repaired_by],
    ["closed", incident.closed, incident.closed_by],
  ];
  return html`<ol class="card stages">${stages.map(
    ([stage, when, by]) => html`<li key=${stage} class=${classes(when ? "is-confirmed" : "is-ready")} data-stage=${stage} data-done=${Boolean(when)}>
      <${Icon} name=${when ? "confirmed" : "ready"} size=${18} />
      <span><b>${say(`stage-${stage}`)}</b>${when && html`<span class="soft">${moment(when)} · ${by}</span>`}</span>
      <span class="soft">${when && stage !== "reported" ? `+${lasted(between(incident.reported, when))}` : ""}</span></li>`,
  )}</ol>`;
}

/** What a person can do with it as it stands. */
function Next({ incident, onDone }) {
  const [doing, act] = useStoring();
  const [body, setBody] = useState({ done: "", parts: "", vendor: "", nature: incident.nature, reason: "" });
  const change = (word) => (value) => setBody({ ...body, [word]: value });
  const post = (verb, said) => act(async () => (await send(at("incidents", incident.incident, verb), said), onDone()));
  const reason = (word) => html`<${Field} name="reason" label=${say(word)} value=${body.reason} onInput=${change("reason")} long wide maxlength="4000" />`;
  const trouble = html`<${Trouble} storing=${doing} />`;
  const { done, parts, vendor, nature } = body;
  switch (incident.state) {
    case "closed":
      return html`<section class="card" data-next="reopen"><h2>${say("reopenIt")}</h2>${reason("whyReopen")}${trouble}
        <div class="form-end"><${Act} name="reopen" onAct=${() => post("reopen", { reason: body.reason })} under=${doing.under}
          disabled=${!body.reason.trim()}>${say("reopen")}</${Act}></div></section>`;
    case "repaired":
      return html`<section class="card" data-next="close"><h2>${say("confirmIt")}</h2>
        <p><b>${say("done")}</b> ${incident.done}</p>${reason("whyConfirm")}${trouble}
        <div class="form-end"><${Act} name="reopen" onAct=${() => post("reopen", { reason: body.reason })} under=${doing.under}
            disabled=${!body.reason.trim()}>${say("notRepaired")}</${Act}>
          <${Act} name="close" kind="main" held onAct=${() => post("close", { reason: body.reason })} under=${doing.under}>${say("holdToClose")}</${Act}></div></section>`;
    default:
      return html`<section class="card" data-next=${incident.state === "open" ? "respond" : "repair"}>
        <h2>${say("repairIt")}</h2>
        ${incident.state === "open" && html`<${Act} name="respond" icon="confirmed" kind="main" onAct=${() => post("respond")} under=${doing.under}>${say("respond")}</${Act}>`}
        <div class="form"><${Field} name="done" label=${say("whatDone")} value=${done} onInput=${change("done")} long wide maxlength="4000" />
          <${Field} name="parts" label=${`${say("parts")} (${say("optional")})`} value=${parts} onInput=${change("parts")} />
          <${Field} name="vendor" label=${`${say("vendor")} (${say("optional")})`} value=${vendor} onInput=${change("vendor")} />
          <div class="is-wide labelled"><span>${say("nature")}</span><${Segments} name="nature" label=${say("nature")} value=${nature}
            onChoose=${change("nature")} options=${NATURES.map((each) => [each, say(`nature-${each}`)])} /></div></div>${trouble}
        <div class="form-end"><${Act} name="repair" onAct=${() => post("repair", { done, parts, vendor, nature })} under=${doing.under}
          disabled=${!done.trim()}>${say("isRepaired")}</${Act}></div></section>`;
  }
}

function History({ incident }) {
  return html`<section class="card"><h2>${say("history")}</h2><ol class="history">${incident.history.map(
    ({ seq, event, at: when, by, data }) => html`<li key=${seq} data-event=${event}><time>${moment(when)}</time>
      <span><b>${say(`event-${event}`)}</b> <span class="soft">${by}</span>
        ${[data.done, data.parts, data.vendor, data.reason].filter(Boolean).map((text) => html`<p>${text}</p>`)}</span>
      <span class="seq">#${seq}</span></li>`,
  )}</ol></section>`;
}
