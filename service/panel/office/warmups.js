/** The warm-ups: the last of every room, those of one, and one with its proof. */

import { useState } from "preact/hooks";

import { classes, html } from "../dom.js";
import { goTo, pathTo } from "../place.js";
import { openSheet } from "../sheet.js";
import { rooms } from "../state.js";
import { byWords, language, titleOf } from "../words.js";
import { at, query, read } from "./api.js";
import { between, dayOf, lasted, moment, time, today } from "./dates.js";
import { Act, Empty, Head, roomTitle, Segments, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";
import { OneWarmUp } from "./warmup_run.js";
import { say, STATES } from "./warmup_terms.js";

const canWarmUp = (room) => room.scenes.some(({ scene }) => scene === "get-ready");

export function Page({ path: [room, run] }) {
  if (run) return html`<${OneWarmUp} key=${run} room=${room} run=${run} />`;
  return html`<${Runs} key=${room ?? ""} room=${room ?? ""} />`;
}

/** Of a room, or the last of every room. */
function Runs({ room }) {
  const [older, setOlder] = useState([]); // pages that were asked for
  const path = room ? at("rooms", room, "warm-ups") : at("warm-ups");
  const told = useTold(() => read(path), [path], { kinds: ["warm-up"], types: ["warm-up"] });
  const able = rooms.value.filter(canWarmUp);
  const choices = [["", say("lastOfEach")], ...able.map((each) => [each.name, titleOf(each)])];
  const chosen = able.find(({ name }) => name === room) ?? (able.length === 1 ? able[0] : null);
  const begin = () => {
    goTo("room", chosen.name);
    openSheet("warm-up", chosen);
  };
  return html`<${Head} title=${say("page-warm-ups")} under=${say("warmUpsMean")}>
      ${chosen && html`<${Act} name="to-room" icon="power" needs="maintain" room=${chosen.name} onAct=${begin}>${say("beginInRoom")}</${Act}>`}</${Head}>
    <div class="filters"><${Segments} name="room" label=${say("rooms")} options=${choices} value=${room}
      onChoose=${(chosen) => goTo("office", "warm-ups", ...(chosen ? [chosen] : []))} /></div>
    <${Told} told=${told}>${({ warm_ups: newest, more }) => {
      const shown = room ? [...newest, ...older.flatMap((page) => page.warm_ups)] : byRoom(able, newest);
      const isMore = older.length ? older.at(-1).more : more;
      if (!shown.length) return html`<${Empty} icon="power">${say(able.length ? "noneYet" : "noRoomWarmsUp")}</${Empty}>`;
      return html`<${Rows} runs=${shown} />
        ${isMore && html`<${Act} name="more" kind="quiet"
          onAct=${async () => setOlder([...older, await read(query(path, { before: shown.at(-1).began }))])}>${say("more")}</${Act}>`}`;
    }}</${Told}>`;
}

/** Every room that warms up, also one that never has. */
const byRoom = (able, runs) =>
  able.map((room) => runs.find((run) => run.room === room.name) ?? { room: room.name, never: true });

const usable = ({ devices }) => `${devices.filter(({ good }) => good).length} / ${devices.length}`;

function Rows({ runs }) {
  return html`<div class="table warm-runs" role="table">
    <div class="table-head" role="row">${["room", "began", "verdict", "heldFor", "usable", "by"].map(
      (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
    )}</div>
    ${runs.map((run) => (run.never ? html`<${Never} key=${run.room} room=${run.room} />` : html`<${Row} key=${run.run} run=${run} />`))}</div>`;
}

function Row({ run }) {
  const isThisMonth = dayOf(run.began).slice(0, 7) === today().slice(0, 7);
  const worst = run.devices.find(({ good }) => good === false);
  return html`<a class="table-row" role="row" data-run=${run.run} data-state=${run.state}
    href=${pathTo("office", "warm-ups", run.room, run.run)}>
    <b role="cell">${roomTitle(run.room)}</b>
    <span role="cell" class=${classes(!isThisMonth && "is-old")}>${moment(run.began)}<span class="soft"> – ${
      run.ended ? time(run.ended) : say("state-running")
    }</span></span>
    <span role="cell"><${Tag} state=${STATES[run.state]}>${say(`state-${run.state}`)}</${Tag}>
      ${worst && html`<span class="soft one-line">${titleOf(worst)}: ${worst.words?.[language.value]}</span>`}</span>
    <span role="cell">${lasted(run.held)}</span><span role="cell">${run.ended ? usable(run) : ""}</span>
    <span role="cell" class="soft">${byWords(run.by)}</span></a>`;
}

const Never = ({ room }) => html`<div class="table-row" role="row"><b role="cell">${roomTitle(room)}</b>
  <span class="soft" role="cell">${say("never-warmed")}</span></div>`;

export const spanOf = (run) => `${moment(run.began)} – ${run.ended ? time(run.ended) : "…"} · ${lasted(between(run.began, run.ended ?? new Date().toISOString()))}`;
