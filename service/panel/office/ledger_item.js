/** One device of the ledger: its facts, hours, what is in doubt, what became of it. */

import { useState } from "preact/hooks";

import { may } from "../access.js";
import { notify } from "../commands.js";
import { html } from "../dom.js";
import { byWords, language, titleOf } from "../words.js";
import { Trouble, useStoring } from "../storing.js";
import { at, read, send } from "./api.js";
import { moment } from "./dates.js";
import { EVENTS, FACTS, say, STATES } from "./ledger_terms.js";
import { Act, Facts, Field, Head, Pick, roomOptions, roomTitle, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

export function OneItem({ item }) {
  const told = useTold(() => read(at("ledger", item)), [item], { kinds: ["ledger", "learnt"] });
  const it = told.value;
  return html`<${Head} title=${it ? titleOf(it) : item} back=${["ledger"]} under=${it && [it.room ? roomTitle(it.room) : say("noRoom"), it.driver, it.address].filter(Boolean).join(" · ")}>
      ${it && html`<${Tag} state=${STATES[it.standing]} data-standing=${it.standing}>${say(`standing-${it.standing}`)}</${Tag}>`}
      ${it?.connected !== null && it && html`<${Tag} state=${it.connected ? "confirmed" : "failed"}>${say(it.connected ? "connected" : "notConnected")}</${Tag}>`}</${Head}>
    <${Told} told=${told}>${(card) => html`${card.doubt && html`<${Doubt} card=${card} onDone=${told.again} />`}
      ${card.figures && html`<${Figures} figures=${card.figures} />`}
      <div class="beside"><div><${Known} card=${card} onDone=${told.again} /><${History} card=${card} /></div>
        <div>${may("maintain", card.room) && html`<${Happened} card=${card} onDone=${told.again} />`}</div></div>`}</${Told}>`;
}

function Doubt({ card, onDone }) {
  const [confirming, confirm] = useStoring();
  const go = () => confirm(async () => (await send(at("ledger", card.item, "events"), { event: "confirmed" }), onDone()));
  return html`<section class="card asked" data-doubt=${card.doubt.kind}><div class="card-head"><b>${card.doubt.text[language.value]}</b>
      <span class="soft">${moment(card.doubt.at)} · #${card.doubt.seq}</span></div><${Trouble} storing=${confirming} />
    <div><${Act} name="confirm-item" needs="configure" room=${card.room} held onAct=${go} under=${confirming.under}>${say("holdToConfirm")}</${Act}></div></section>`;
}

const hours = (value) => (value === null ? "–" : `${value.toFixed(value < 10 ? 2 : 0)} h`);

function Figures({ figures }) {
  const told = [
    ["hoursInUse", `${figures.hours_in_use.toFixed(1)} h`],
    ["availability", figures.availability === null ? "–" : `${(figures.availability * 100).toFixed(figures.availability === 1 ? 0 : 2)} %`],
    ["failures", figures.failures],
    ["meanOutage", hours(figures.mean_outage)],
    ["incidentsOf", figures.incidents],
    ["meanRepair", hours(figures.mean_repair)],
  ];
  return html`<div class="item-figures">${told.map(([word, value]) => html`<p key=${word} data-figure=${word}><b>${value}</b><span>${say(word)}</span></p>`)}</div>`;
}

/** The facts: what the device says itself, and what people say, to be changed. */
function Known({ card, onDone }) {
  const [editing, setEditing] = useState(null); // what was typed so far
  const [saving, save] = useStoring();
  const said = FACTS.filter((key) => !card.read.includes(key));
  const go = () =>
    save(async () => {
      const changed = Object.entries(editing).filter(([key, value]) => value !== (card.facts[key] ?? ""));
      await send(at("ledger", card.item, "facts"), { facts: Object.fromEntries(changed) });
      setEditing(null);
      notify("confirmed", say("saved"));
      onDone();
    });
  return html`<section class="card" data-facts><div class="card-head"><h2>${say("facts")}</h2>
      ${!editing && html`<${Act} name="edit-facts" needs="configure" room=${card.room} icon="edit" kind="quiet" onAct=${() => setEditing({})}>${say("edit")}</${Act}>`}</div>
    <${Facts} facts=${card.read.map((key) => [`${say(`fact-${key}`)} · ${say("asRead")}`, card.facts[key]])} />
    ${
      editing
        ? html`<div class="form">${said.map(
            (key) => html`<${Field} key=${key} name=${key} label=${say(`fact-${key}`)} value=${editing[key] ?? card.facts[key] ?? ""} maxlength="500"
              type=${key === "purchased" || key === "warranty" ? "date" : "text"} wide=${key === "remark"}
              onInput=${(value) => setEditing({ ...editing, [key]: value })} />`,
          )}<div class="form-end"><${Act} name="cancel-facts" kind="quiet" onAct=${() => setEditing(null)}>${say("cancel")}</${Act}>
            <${Act} name="save-facts" kind="main" onAct=${go} under=${saving.under} disabled=${!Object.keys(editing).length}>${say("save")}</${Act}></div></div>
          <${Trouble} storing=${saving} />`
        : html`<${Facts} facts=${said.map((key) => [say(`fact-${key}`), card.facts[key]])} />`
    }
    <${Facts} facts=${[
      [say("installedSince"), moment(card.installed)],
      [say("firstSeen"), moment(card.first_seen)],
      [say("lentTo"), card.loan && [card.loan.to, card.loan.until].filter(Boolean).join(" · ")],
    ]} /></section>`;
}

function History({ card }) {
  return html`<section class="card"><h2>${say("history")}</h2><ol class="item-history">${card.history.toReversed().map(
    ({ seq, at: when, by, text }) => html`<li key=${seq}><time>${moment(when)}</time>
      <span>${text[language.value]} <span class="soft">${byWords(by)}</span></span><span class="seq">#${seq}</span></li>`,
  )}</ol></section>`;
}

/** Saying what became of it. */
function Happened({ card, onDone }) {
  const [body, setBody] = useState({ event: "note", to: "", until: "", room: "", remark: "" });
  const [saying, tell] = useStoring();
  const change = (word) => (value) => setBody({ ...body, [word]: value });
  const { event, to, until, room, remark } = body;
  const go = () =>
    tell(async () => {
      const lent = event === "lent" ? { to: to || null, until: until || null } : {};
      await send(at("ledger", card.item, "events"), { event, remark: remark || null, ...lent, ...(event === "moved" ? { room: room || null } : {}) });
      setBody({ ...body, event: "note", remark: "" });
      notify("confirmed", say("saved"));
      onDone();
    });
  const possible = EVENTS.filter((each) => each !== "moved" || !card.driver);
  return html`<section class="card" data-say><h2>${say("whatBecame")}</h2>
    <${Pick} name="event" label=${say("event")} value=${event} onChoose=${change("event")} options=${possible.map((each) => [each, say(`event-${each}`)])} />
    ${event === "lent" && html`<${Field} name="to" label=${say("lentTo")} value=${to} onInput=${change("to")} maxlength="200" />
      <${Field} name="until" label=${say("until")} value=${until} onInput=${change("until")} type="date" />`}
    ${event === "moved" && html`<${Pick} name="to-room" label=${say("room")} value=${room} onChoose=${change("room")} options=${[["", say("noRoom")], ...roomOptions()]} />`}
    <${Field} name="event-remark" label=${say("remark")} value=${remark} onInput=${change("remark")} long maxlength="2000" />
    <${Trouble} storing=${saying} />
    <${Act} name="say-event" onAct=${go} under=${saying.under} disabled=${event === "note" && !remark.trim()}
      held=${event === "retired"}>${say(event === "retired" ? "holdToRetire" : "putDown")}</${Act}></section>`;
}
