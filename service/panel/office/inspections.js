/** The inspections: those that people have not finished, all there were, and beginning them. */

import { useState } from "preact/hooks";

import { notify } from "../commands.js";
import { classes, html } from "../dom.js";
import { goTo, pathTo } from "../place.js";
import { press } from "../press.js";
import { Sheet } from "../sheet.js";
import { rooms } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { byWords, titleOf } from "../words.js";
import { at, query, read, send } from "./api.js";
import { moment } from "./dates.js";
import { OneInspection } from "./inspection.js";
import { RESULTS, say, STATES } from "./inspection_terms.js";
import { Act, Bar, Empty, Head, roomOptions, roomTitle, Segments, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

const fresh = { kinds: ["inspection"], types: ["inspection"] };

export function Page({ path: [inspection] }) {
  return inspection ? html`<${OneInspection} key=${inspection} inspection=${inspection} />` : html`<${All} />`;
}

function All() {
  const [room, setRoom] = useState("");
  const [older, setOlder] = useState([]);
  const [beginning, setBeginning] = useState(false);
  const told = useTold(() => read(query(at("inspections"), { room })), [room], fresh);
  const choose = (chosen) => {
    setRoom(chosen);
    setOlder([]);
  };
  return html`<${Head} title=${say("page-inspections")} under=${say("inspectionsMean")}>
      <${Act} name="new-inspection" icon="inspection" needs="maintain" kind="main" onAct=${() => setBeginning(true)}>${say("begin")}</${Act}></${Head}>
    <div class="filters"><${Segments} name="room" label=${say("rooms")} value=${room} onChoose=${choose}
      options=${[["", say("allRooms")], ...roomOptions()]} /></div>
    <${Told} told=${told}>${({ inspections, more }) => {
      const shown = [...inspections, ...older.flatMap((page) => page.inspections)];
      if (!shown.length) return html`<${Empty} icon="inspection">${say("noneYet")}</${Empty}>`;
      const next = async () => setOlder([...older, await read(query(at("inspections"), { room, before: shown.at(-1).seq }))]);
      return html`<${Rows} inspections=${shown} />
        ${(older.length ? older.at(-1).more : more) && html`<${Act} name="more" kind="quiet" onAct=${next}>${say("more")}</${Act}>`}`;
    }}</${Told}>
    ${beginning && html`<${Begin} onClose=${() => setBeginning(false)} />`}`;
}

/** "12 good · 1 watch": how many items came out how. */
export const countsOf = ({ counts }) =>
  RESULTS.filter((result) => counts[result])
    .map((result) => `${counts[result]} ${say(`result-${result}`)}`)
    .join(" · ");

function Rows({ inspections }) {
  return html`<div class="table inspections" role="table">
    <div class="table-head" role="row">${["room", "began", "state", "result", "read", "by"].map(
      (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
    )}</div>
    ${inspections.map(
      (each) => html`<a class="table-row" role="row" key=${each.inspection} data-inspection=${each.inspection} data-state=${each.state}
        href=${pathTo("office", "inspections", each.inspection)}>
        <b role="cell">${roomTitle(each.room)}</b><span role="cell">${moment(each.began)}</span>
        <span role="cell">${
          each.state === "reading"
            ? html`<span class="soft">${say("state-reading")}</span><${Bar} part=${each.progress} />`
            : each.state === "open"
              ? html`<span class="is-open">${each.to_look_at.length} ${say("toLookAt")}</span>`
              : html`<span class="soft">${say("state-closed")}</span>`
        }</span>
        <span role="cell"><${Tag} state=${STATES[each.result]}>${say(`result-${each.result}`)}</${Tag}></span>
        <span role="cell" class="soft">${countsOf(each)}</span><span role="cell" class="soft">${byWords(each.by)}</span></a>`,
    )}</div>`;
}

function Begin({ onClose }) {
  const [chosen, setChosen] = useState([]);
  const [beginning, begin] = useStoring();
  const turn = (room) => setChosen(chosen.includes(room) ? chosen.filter((other) => other !== room) : [...chosen, room]);
  const go = () =>
    begin(async () => {
      const { inspections, refused } = await send(at("inspections"), { rooms: chosen });
      onClose();
      for (const room of Object.keys(refused)) notify("unknown", `${roomTitle(room)} — ${say("inspectedAlready")}`);
      if (inspections.length === 1) goTo("office", "inspections", inspections[0].inspection);
    });
  return html`<${Sheet} name="begin-inspection" title=${say("begin")} onClose=${onClose}>
    <p class="arm-means">${say("beginMeans")}</p>
    <div class="store-words" role="group" aria-label=${say("rooms")}>
      <button class=${classes("choice", !chosen.length && "is-on")} data-room-of="" aria-pressed=${!chosen.length} ...${press(() => setChosen([]))}>${say("allRooms")}</button>
      ${rooms.value.map(
        (room) => html`<button key=${room.name} class=${classes("choice", chosen.includes(room.name) && "is-on")} data-room-of=${room.name}
          aria-pressed=${chosen.includes(room.name)} ...${press(() => turn(room.name))}>${titleOf(room)}</button>`,
      )}</div>
    <${Trouble} storing=${beginning} />
    <${Act} name="begin-inspection" icon="play" kind="main" onAct=${go} under=${beginning.under}>${say("begin")}</${Act}>
  </${Sheet}>`;
}
