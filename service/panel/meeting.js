/** Meeting mode in the room: the band while a meeting is on, and beginning one. */

import { useState } from "preact/hooks";

import { may } from "./access.js";
import { beginMeeting, endMeeting } from "./api.js";
import { notify } from "./commands.js";
import { html } from "./dom.js";
import { hold } from "./hold.js";
import { Icon } from "./icons.js";
import { goTo, pathTo } from "./place.js";
import { press } from "./press.js";
import { closeSheet, openSheet, Sheet } from "./sheet.js";
import { lost, now } from "./state.js";
import { Trouble, useStoring } from "./storing.js";
import { language, say, titleOf } from "./words.js";

const LONGEST = 200; // characters

const hourMinute = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const minutesSince = (iso) => Math.max(0, Math.floor((Date.now() - Date.parse(iso)) / 60_000));

export const meetingTitle = ({ title }) => title || say("meeting");

/** Above the scenes while a meeting is on: which, since when, until when, its log, its end. */
export function MeetingBand({ room }) {
  const live = room.meeting.value;
  const [ending, end] = useStoring();
  if (!live) return null;
  now.value; // the minutes go on
  const go = () =>
    end(async () => {
      await endMeeting(live.meeting);
      notify("confirmed", `${meetingTitle(live)} — ${say("meetingEnded")}`);
    });
  return html`<section class="meeting-band" data-meeting=${live.meeting} aria-label=${say("meetingMode")}>
    <span class="meeting-lamp"></span>
    <p><b>${meetingTitle(live)}</b>
      <span>${say("since")} ${hourMinute(live.began)} · ${minutesSince(live.began)} min${
        live.planned ? ` · ${say("untilPlanned")} ${hourMinute(live.planned)}` : ""
      }</span></p>
    <a class="meeting-link" data-action="meeting-log" href=${pathTo("office", "meetings", String(live.meeting))}>${say("meetingLog")}</a>
    ${may("record", room.name) && html`<button class="meeting-end" data-action="end-meeting" disabled=${ending.under || lost.value !== null} ...${hold(go)}>
      <span class="hold-fill"></span><span>${say("holdToEnd")}</span></button>`}
    <${Trouble} storing=${ending} />
  </section>`;
}

/** In the top bar: begins a meeting, or leads to the log of the one that is on. */
export function MeetingButton({ room }) {
  if (!room) return null;
  const live = room.meeting.value;
  if (!live && !may("record", room.name)) return null;
  const open = () => (live ? goTo("office", "meetings", String(live.meeting)) : openSheet("meeting", room));
  const word = say(live ? "meetingMode" : "beginMeeting");
  return html`<button class=${`icon-button${live ? " is-live" : ""}`} data-action="open-meeting" aria-label=${word}
    title=${word} onClick=${open}><${Icon} name="meeting" size=${20} /></button>`;
}

export function MeetingSheet({ room }) {
  const [title, setTitle] = useState("");
  const [beginning, begin] = useStoring();
  const go = () =>
    begin(async () => {
      await beginMeeting(room.name, { title: title.trim() });
      closeSheet();
    });
  return html`<${Sheet} name="meeting" title=${`${say("beginMeeting")} · ${titleOf(room)}`}>
    <p class="arm-means">${say("beginMeans")}</p>
    <label class="store-field"><span>${say("meetingTitle")}</span>
      <input data-field="title" maxlength=${LONGEST} autocomplete="off" value=${title}
        lang=${language.value === "zh" ? "zh-CN" : "en"} onInput=${(event) => setTitle(event.currentTarget.value)} /></label>
    <${Trouble} storing=${beginning} />
    <button class="take" data-action="begin-meeting" disabled=${beginning.under || lost.value !== null} ...${press(go)}>
      <${Icon} name=${beginning.under ? "running" : "meeting"} size=${22} /><b>${say("beginMeeting")}</b></button>
  </${Sheet}>`;
}
