/** The meetings: those that are on, what the calendars plan, all there were, and one with its log. */

import { useState } from "preact/hooks";

import { html } from "../dom.js";
import { meetingTitle } from "../meeting.js";
import { goTo, pathTo } from "../place.js";
import { press } from "../press.js";
import { Sheet } from "../sheet.js";
import { lost, now, rooms } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { at, query, read, send } from "./api.js";
import { between, dayOf, dayTitle, lasted, moment, momentOf, time } from "./dates.js";
import { OneMeeting } from "./meeting_log.js";
import { say } from "./meeting_terms.js";
import { Act, Empty, Field, Head, Pick, roomOptions, roomTitle, Segments } from "./parts.js";
import { Told, useTold } from "./told.js";

export function Page({ path: [meeting] }) {
  if (/^\d+$/.test(meeting ?? "")) return html`<${OneMeeting} key=${meeting} number=${meeting} />`;
  return html`<${All} />`;
}

function All() {
  const [room, setRoom] = useState("");
  const [older, setOlder] = useState([]);
  const [beginning, setBeginning] = useState(false);
  const told = useTold(() => read(query(at("meetings"), { room })), [room], { kinds: ["meeting"], types: ["meeting"] });
  const planned = useTold(() => read(at("meetings", "planned")), [], { kinds: ["meeting"] });
  const choose = (chosen) => {
    setRoom(chosen);
    setOlder([]);
  };
  return html`<${Head} title=${say("page-meetings")}>
      <${Act} name="new-meeting" icon="plus" needs="record" kind="main" onAct=${() => setBeginning(true)}>${say("beginMeeting")}</${Act}></${Head}>
    <${Live} />
    <div class="filters"><${Segments} name="room" label=${say("rooms")} value=${room} onChoose=${choose}
      options=${[["", say("allRooms")], ...roomOptions()]} /></div>
    <div class="beside"><div>
      <${Told} told=${told}>${({ meetings, more }) => {
        const shown = [...meetings, ...older.flatMap((page) => page.meetings)];
        if (!shown.length) return html`<${Empty} icon="meeting">${say("noneYet")}</${Empty}>`;
        const next = async () => setOlder([...older, await read(query(at("meetings"), { room, before: shown.at(-1).meeting }))]);
        return html`<${Rows} meetings=${shown} />
          ${(older.length ? older.at(-1).more : more) && html`<${Act} name="more" kind="quiet" onAct=${next}>${say("more")}</${Act}>`}`;
      }}</${Told}></div>
      <div><${Planned} told=${planned} room=${room} /></div></div>
    ${beginning && html`<${Begin} onClose=${() => setBeginning(false)} />`}`;
}

/** The meetings that are on now, in every room. */
function Live() {
  now.value;
  const live = rooms.value.filter((room) => room.meeting.value);
  if (!live.length) return null;
  return html`<div class="live-meetings">${live.map((room) => {
    const meeting = room.meeting.value;
    return html`<a key=${room.name} class="live-meeting" data-live=${meeting.meeting} href=${pathTo("office", "meetings", String(meeting.meeting))}>
      <span class="meeting-lamp"></span><span><b>${meetingTitle(meeting)}</b>
      <span class="soft">${roomTitle(room.name)} · ${say("since")} ${time(meeting.began)} · ${lasted(between(meeting.began, new Date().toISOString()))}${
        meeting.planned ? ` · ${say("untilPlanned")} ${time(meeting.planned)}` : ""
      }</span></span></a>`;
  })}</div>`;
}

function Rows({ meetings }) {
  return html`<div class="table meetings" role="table">
    <div class="table-head" role="row">${["began", "meetingTitle", "lasted", "begunBy"].map(
      (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
    )}</div>
    ${meetings.map(
      (meeting) => html`<a class="table-row" role="row" key=${meeting.meeting} data-meeting=${meeting.meeting}
        href=${pathTo("office", "meetings", String(meeting.meeting))}>
        <span role="cell">${moment(meeting.began)}</span>
        <span role="cell"><b>${meetingTitle(meeting)}</b><span class="soft meeting-room">${roomTitle(meeting.room)}</span></span>
        <span role="cell">${meeting.ended ? lasted(between(meeting.began, meeting.ended)) : html`<span class="is-on-now">${say("meetingMode")}</span>`}</span>
        <span role="cell" class="soft">${meeting.source === "tap" ? meeting.by : say(`source-${meeting.source}`)}</span></a>`,
    )}</div>`;
}

function Planned({ told, room }) {
  const planned = told.value?.planned.filter((each) => !room || each.room === room) ?? [];
  const days = Map.groupBy(planned, ({ starts }) => dayOf(starts));
  return html`<section class="card" data-planned><h2>${say("planned")}</h2>
    ${told.value && !planned.length && html`<p class="soft">${say("nothingPlanned")}</p>`}
    ${[...days].map(
      ([day, of]) => html`<div class="planned-day" key=${day}><h3>${dayTitle(day)}</h3>${of.map(
        (each) => html`<p key=${`${each.room} ${each.starts}`}><time>${time(each.starts)}–${time(each.ends)}</time>
          <span><b>${each.title || say("meeting")}</b> <span class="soft">${roomTitle(each.room)}</span></span></p>`,
      )}</div>`,
    )}</section>`;
}

function Begin({ onClose }) {
  const free = rooms.value.filter((room) => !room.meeting.value).map(({ name }) => name);
  const [body, setBody] = useState({ room: free[0] ?? "", title: "", planned: "" });
  const [beginning, begin] = useStoring();
  const go = () =>
    begin(async () => {
      const { meeting } = await send(at("rooms", body.room, "meeting"), { title: body.title.trim(), planned: momentOf(body.planned) });
      goTo("office", "meetings", String(meeting));
    });
  const change = (word) => (value) => setBody({ ...body, [word]: value });
  return html`<${Sheet} name="begin-meeting" title=${say("beginMeeting")} onClose=${onClose}>
    <div class="form"><${Pick} name="room" label=${say("room")} value=${body.room} onChoose=${change("room")} wide
        options=${roomOptions().filter(([name]) => free.includes(name))} />
      <${Field} name="title" label=${say("meetingTitle")} value=${body.title} onInput=${change("title")} wide maxlength="200" />
      <${Field} name="planned" label=${say("plannedEnd")} value=${body.planned} onInput=${change("planned")} wide type="datetime-local" /></div>
    <${Trouble} storing=${beginning} />
    <button class="take" data-action="begin-meeting" disabled=${!body.room || beginning.under || lost.value !== null} ...${press(go)}>
      <b>${say("beginMeeting")}</b></button></${Sheet}>`;
}
