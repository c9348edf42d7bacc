/** One meeting: its log with figures that lead to the journal, notes while it is on, who was there. */

import { useState } from "preact/hooks";

import { may } from "../access.js";
import { endMeeting } from "../api.js";
import { notify } from "../commands.js";
import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { meetingTitle } from "../meeting.js";
import { press } from "../press.js";
import { roomNamed } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { pointWord, targetTitle } from "../values.js";
import { byWords, language, titleOf } from "../words.js";
import { at, put, read, send } from "./api.js";
import { between, lasted, moment, time, timeToSecond } from "./dates.js";
import { FIGURES, SIGNS, say } from "./meeting_terms.js";
import { Act, Facts, Field, Head, roomTitle, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

const LOGGED = ["tap", "verdict", "interrupted", "device", "pair", "outside", "incident", "alarm", "incident-log", "meeting"];

export function OneMeeting({ number }) {
  const told = useTold(() => read(at("meetings", number)), [number], { kinds: LOGGED });
  const [lit, light] = useState(""); // the figure whose lines are shown
  const meeting = told.value?.meeting;
  return html`<${Head} title=${meeting ? meetingTitle(meeting) : say("meeting")} back=${["meetings"]} under=${meeting && underOf(meeting)}>
      ${meeting && !meeting.ended && html`<${End} meeting=${meeting} />`}</${Head}>
    <${Told} told=${told}>${(log) => html`
      <${Figures} log=${log} lit=${lit} onLight=${(figure) => light(lit === figure ? "" : figure)} />
      <div class="beside"><div><${Timeline} log=${log} lit=${lit} />${!log.meeting.ended && may("record", log.meeting.room) && html`<${Note} meeting=${log.meeting} />`}</div>
        <div><${About} meeting=${log.meeting} /><${Attendance} key=${log.meeting.meeting} meeting=${log.meeting} /></div></div>`}</${Told}>`;
}

const underOf = (meeting) =>
  `${roomTitle(meeting.room)} · ${moment(meeting.began)} – ${meeting.ended ? `${time(meeting.ended)} · ${lasted(between(meeting.began, meeting.ended))}` : say("meetingMode")}`;

function End({ meeting }) {
  const [ending, end] = useStoring();
  const go = () =>
    end(async () => {
      await endMeeting(meeting.meeting);
      notify("confirmed", `${meetingTitle(meeting)} — ${say("meetingEnded")}`);
    });
  return html`<${Trouble} storing=${ending} /><${Act} name="end-meeting" needs="record" room=${meeting.room} kind="main" held under=${ending.under} onAct=${go}>${say("holdToEnd")}</${Act}>`;
}

const shownAs = (name, value) =>
  value === null ? "–" : name === "median" || name === "worst" ? `${value.toFixed(2)}\u00a0s` : String(value);

/** Each is a button that shows the lines it was counted from. */
function Figures({ log, lit, onLight }) {
  const shown = FIGURES.filter((name) => log.figures[name]);
  return html`<div class="figures" role="group" aria-label=${say("figures")}>${shown.map((name) => {
    const { value, seqs } = log.figures[name];
    return html`<button key=${name} class=${classes("figure", lit === name && "is-on")} data-figure=${name} data-value=${value ?? ""}
      aria-pressed=${lit === name} disabled=${!seqs.length} ...${press(() => onLight(name))}>
      <b>${shownAs(name, value)}</b><span>${say(`figure-${name}`)}</span></button>`;
  })}</div>`;
}

/** "podium-mic muted": what was set by hand is named after its place. */
function byHandTitle(room, name = "") {
  const [target, word] = name.split(" ");
  if (!room || !word || targetTitle(room, target) === target) return "";
  return `${targetTitle(room, target)} · ${word === "muted" ? say("mute") : pointWord(word)}`;
}

/** A line's words, with titles for the names of the room file. */
function inTitles(name, { text, data }) {
  const room = roomNamed(name);
  const scene = room?.scenes.find((one) => one.scene === data.scene);
  const titles = [
    [data.scene, scene ? titleOf(scene) : byHandTitle(room, data.scene)],
    [data.device, titleOf(room?.devices.get(data.device)?.peek())],
    [data.pair, titleOf(room?.pairs.get(data.pair)?.peek())],
  ];
  return titles.reduce((words, [id, title]) => (id && title ? words.replaceAll(id, title) : words), text[language.value]);
}

function Timeline({ log: { meeting: { room }, timeline, figures }, lit }) {
  const seqs = lit ? new Set(figures[lit].seqs) : null;
  const shown = seqs ? timeline.filter(({ seq }) => seqs.has(seq)) : timeline;
  return html`<section class="card" data-timeline=${lit || "all"}>
    <h2>${seqs ? `${say(`figure-${lit}`)} · ${say("itsLines")}` : say("timeline")}</h2>
    ${seqs && !shown.length && html`<p class="soft">${say("noLines")}</p>`}
    <ol class="timeline">${shown.map(
      (line) => html`<li key=${line.seq} class=${`is-${stateOf(line)}`} data-seq=${line.seq} data-kind=${line.kind}>
        <time>${timeToSecond(line.at)}</time><${Icon} name=${line.kind === "verdict" ? stateOf(line) : (SIGNS[line.kind] ?? "events")} size=${16} />
        <span><span class="timeline-words">${inTitles(room, line)}</span>${line.by && html` <span class="soft">${byWords(line.by)}</span>`}</span>
        <span class="seq">#${line.seq}</span></li>`,
    )}</ol></section>`;
}

function stateOf({ kind, data }) {
  if (kind === "verdict") return data.verdict ?? "unknown";
  if (kind === "device") return data.up ? "confirmed" : "failed";
  if (kind === "alarm" || kind === "incident-log" || kind === "interrupted") return "unknown";
  return kind === "meeting" ? "running" : "ready";
}

function Note({ meeting }) {
  const [text, setText] = useState("");
  const [noting, note] = useStoring();
  const go = () =>
    note(async () => {
      await send(at("meetings", meeting.meeting, "notes"), { text: text.trim() });
      setText("");
    });
  return html`<section class="card"><${Field} name="note" label=${say("note")} value=${text} onInput=${setText} long maxlength="2000" />
    <${Trouble} storing=${noting} />
    <div class="form-end"><${Act} name="note" needs="record" room=${meeting.room} icon="edit" onAct=${go} under=${noting.under} disabled=${!text.trim()}>${say("putDown")}</${Act}></div></section>`;
}

const About = ({ meeting }) => html`<section class="card"><${Facts} facts=${[
  [say("room"), roomTitle(meeting.room)],
  [say("begunBy"), meeting.source === "tap" ? meeting.by : say(`source-${meeting.source}`)],
  [say("plannedEnd"), moment(meeting.planned)],
  [say("endedBy"), byWords(meeting.ended_by)],
]} />${!meeting.ended && html`<div><${Tag} state="confirmed" icon="meeting">${say("meetingMode")}</${Tag}></div>`}</section>`;

function Attendance({ meeting }) {
  const [body, setBody] = useState({
    present: meeting.present === null ? "" : String(meeting.present),
    attendance: meeting.attendance,
    remarks: meeting.remarks,
  });
  const [saving, save] = useStoring();
  const change = (word) => (value) => setBody({ ...body, [word]: value });
  if (!may("record", meeting.room))
    return html`<section class="card"><${Facts} facts=${["present", "attendance", "remarks"].map((word) => [say(word), meeting[word]])} /></section>`;
  const go = () =>
    save(async () => {
      await put(at("meetings", meeting.meeting, "attendance"), { ...body, present: body.present === "" ? null : Number(body.present) });
      notify("confirmed", say("saved"));
    });
  return html`<section class="card" data-attendance><h2>${say("attendanceAndRemarks")}</h2>
    <${Field} name="present" label=${say("present")} value=${body.present} onInput=${change("present")} type="number" min="0" max="10000" />
    <${Field} name="attendance" label=${say("attendance")} value=${body.attendance} onInput=${change("attendance")} long maxlength="2000" />
    <${Field} name="remarks" label=${say("remarks")} value=${body.remarks} onInput=${change("remarks")} long maxlength="4000" />
    <${Trouble} storing=${saving} />
    <${Act} name="save-attendance" needs="record" room=${meeting.room} onAct=${go} under=${saving.under}>${say("save")}</${Act}></section>`;
}
