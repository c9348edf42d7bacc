/** The reports: all there are, and making one of a kind and a period. */

import { useState } from "preact/hooks";

import { html } from "../dom.js";
import { goTo, pathTo } from "../place.js";
import { Sheet } from "../sheet.js";
import { Trouble, useStoring } from "../storing.js";
import { titleOf } from "../words.js";
import { at, query, read, send } from "./api.js";
import { moment, today } from "./dates.js";
import { Act, Empty, Field, Head, Pick, roomOptions, Segments, Tag } from "./parts.js";
import { OneReport } from "./report.js";
import { Preview } from "./report_preview.js";
import { periodTitle, say, STATES } from "./report_terms.js";
import { Told, useTold } from "./told.js";

export function Page({ path: [what, ...asked] }) {
  if (what === "preview") return html`<${Preview} key=${asked.join()} kind=${asked[0]} period=${asked[1]} room=${asked[2] ?? ""} />`;
  return what ? html`<${OneReport} key=${what} number=${what} />` : html`<${All} />`;
}

function All() {
  const [asked, setAsked] = useState({ state: "", kind: "" });
  const [older, setOlder] = useState([]);
  const [making, setMaking] = useState(false);
  const kinds = useTold(() => read(at("reports", "kinds")), []);
  const told = useTold(() => read(query(at("reports"), asked)), [asked], { kinds: ["report"] });
  const change = (word) => (value) => {
    setAsked({ ...asked, [word]: value });
    setOlder([]);
  };
  const known = kinds.value?.kinds ?? [];
  return html`<${Head} title=${say("page-reports")}>
      <${Act} name="new-report" icon="plus" kind="main" needs="report" onAct=${() => setMaking(true)} disabled=${!known.length}>${say("make")}</${Act}></${Head}>
    <div class="filters"><${Segments} name="state" label=${say("state")} value=${asked.state} onChoose=${change("state")}
        options=${[["", say("all")], ...Object.keys(STATES).map((each) => [each, say(`state-${each}`)])]} />
      <${Pick} name="kind" label=${say("kind")} value=${asked.kind} onChoose=${change("kind")} options=${[["", say("all")], ...known.map((each) => [each.kind, titleOf(each)])]} /></div>
    <${Told} told=${told}>${({ reports, more }) => {
      const shown = [...reports, ...older.flatMap((page) => page.reports)];
      if (!shown.length) return html`<${Empty} icon="report">${say("noneYet")}</${Empty}>`;
      const next = async () => setOlder([...older, await read(query(at("reports"), { ...asked, before: shown.at(-1).report }))]);
      return html`<${Rows} reports=${shown} />
        ${(older.length ? older.at(-1).more : more) && html`<${Act} name="more" kind="quiet" onAct=${next}>${say("more")}</${Act}>`}`;
    }}</${Told}>
    ${making && html`<${Make} kinds=${known} onClose=${() => setMaking(false)} />`}`;
}

function Rows({ reports }) {
  return html`<div class="table reports" role="table">
    <div class="table-head" role="row">${["report", "period", "state", "madeBy", "reviewedBy"].map(
      (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
    )}</div>
    ${reports.map(
      (each) => html`<a class="table-row" role="row" key=${each.report} data-report=${each.report} data-state=${each.state}
        href=${pathTo("office", "reports", String(each.report))}>
        <span role="cell"><b>${titleOf(each)}</b><span class="soft below">${each.room_title ? titleOf({ title: each.room_title }) : say("wholeSite")}</span></span>
        <span role="cell">${periodTitle(each.period)}</span>
        <span role="cell"><${Tag} state=${STATES[each.state]}>${say(`state-${each.state}`)}</${Tag}></span>
        <span role="cell">${each.by}<span class="soft below">${moment(each.made)}</span></span>
        <span role="cell">${each.reviewed_by}<span class="soft below">${moment(each.reviewed)}</span></span></a>`,
    )}</div>`;
}

/** How a period is chosen: for each way its field, and what of today it begins with. */
const WAYS = ["month", "half", "week", "day", "other"];
const WAY_OF = { "half-yearly": "half", "inspection-record": "week" };

function weekOf(day) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7));
  const first = new Date(Date.UTC(date.getUTCFullYear(), 0, 4));
  const week = 1 + Math.round(((date - first) / 86_400_000 - 3 + ((first.getUTCDay() + 6) % 7)) / 7);
  return `${date.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

function first(way) {
  const day = today();
  const half = Number(day.slice(5, 7)) <= 6 ? 1 : 2;
  return { month: day.slice(0, 7), half: `${day.slice(0, 4)}H${half}`, week: weekOf(day), day, other: "" }[way];
}

function Period({ way, value, onChange }) {
  if (way === "half") {
    const [year, half] = [Number(value.slice(0, 4)), value.slice(5)];
    const years = [year - 2, year - 1, year, year + 1].map((each) => [String(each), String(each)]);
    return html`<${Pick} name="year" label=${say("year")} value=${String(year)} options=${years} onChoose=${(chosen) => onChange(`${chosen}H${half}`)} />
      <div class="labelled"><span>${say("half")}</span><${Segments} name="half" label=${say("half")} value=${half}
        options=${[["1", say("firstHalf")], ["2", say("secondHalf")]]} onChoose=${(chosen) => onChange(`${year}H${chosen}`)} /></div>`;
  }
  const type = { month: "month", week: "week", day: "date", other: "text" }[way];
  return html`<${Field} name="period" label=${say(way === "other" ? "otherMeans" : "period")} value=${value} onInput=${onChange} type=${type} wide maxlength="64" />`;
}

function Make({ kinds, onClose }) {
  const [body, setBody] = useState({ kind: "monthly", way: "month", period: first("month"), room: "" });
  const [making, make] = useStoring();
  const { kind, way, period, room } = body;
  const setWay = (chosen, more = {}) => setBody({ ...body, ...more, way: chosen, period: first(chosen) });
  const preview = () => {
    onClose();
    goTo("office", "reports", "preview", kind, period, ...(room ? [room] : []));
  };
  const go = () =>
    make(async () => {
      const { report } = await send(at("reports"), { kind, period, room: room || null });
      goTo("office", "reports", String(report));
    });
  return html`<${Sheet} name="make-report" title=${say("make")} onClose=${onClose}>
    <div class="form"><${Pick} name="report-kind" label=${say("kind")} value=${kind} options=${kinds.map((each) => [each.kind, titleOf(each)])}
        onChoose=${(chosen) => setWay(WAY_OF[chosen] ?? "month", { kind: chosen })} />
      <${Pick} name="room" label=${say("room")} value=${room} onChoose=${(chosen) => setBody({ ...body, room: chosen })} options=${[["", say("wholeSite")], ...roomOptions()]} />
      <div class="is-wide labelled"><span>${say("period")}</span><${Segments} name="way" label=${say("period")} value=${way} onChoose=${setWay}
        options=${WAYS.map((each) => [each, say(`way-${each}`)])} /></div>
      <${Period} way=${way} value=${period} onChange=${(value) => setBody({ ...body, period: value })} /></div>
    <${Trouble} storing=${making} />
    <div class="two"><${Act} name="preview-report" icon="find" onAct=${preview} disabled=${!period}>${say("preview")}</${Act}>
      <${Act} name="make-report" kind="main" needs="draft" onAct=${go} under=${making.under} disabled=${!period}>${say("makeDraft")}</${Act}></div>
  </${Sheet}>`;
}
