/** The last events of a room, newest first: takes with their verdicts, and what the journal says of the devices. */

import { useEffect } from "preact/hooks";

import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { linesOf, worthTelling } from "./runs.js";
import { entries } from "./state.js";
import { fetchEntries } from "./socket.js";
import { pointTitle, pointWord, targetTitle, valueWords, whyWords } from "./values.js";
import { byWords, clockTime, language, milliseconds, reasonWords, say, titleOf } from "./words.js";

const SHOWN = 40;

/** The journal's kinds that the runs do not tell. */
const TOLD = new Set(["device", "outside", "hand", "service", "pair", "drill"]);

/** What a pair did that its changeovers' runs do not tell. */
const isTold = ({ kind, data }) =>
  TOLD.has(kind) &&
  (kind !== "pair" || !["change-over", "active"].includes(data.event)) &&
  (kind !== "pair" || data.event !== "health" || data.fitness !== "unknown") &&
  (kind !== "drill" || data.event === "ended");

export function Events({ room }) {
  useEffect(() => void fetchEntries(room.name), [room]);
  const told = [
    ...worthTelling(room.runs.value).map((run) => ({
      at: Date.parse(run.tapped),
      key: run.run,
      run,
    })),
    ...entries.value
      .filter((entry) => isTold(entry) && (entry.room === room.name || !entry.room))
      .map((entry) => ({ at: Date.parse(entry.at), key: `entry ${entry.seq}`, entry })),
  ]
    .sort((one, other) => other.at - one.at)
    .slice(0, SHOWN);
  if (!told.length) return html`<p class="empty">${say("noEvents")}</p>`;
  return html`<ol class="events">
    ${told.map(({ key, run, entry }) => (run ? html`<${RunTold} key=${key} room=${room}
      run=${run} />` : html`<${EntryTold} key=${key} room=${room} entry=${entry} />`))}
  </ol>`;
}

function runTitle(room, run) {
  if (!run.byHand) return titleOf(run);
  const step = run.steps[0];
  if (!step) return say("set");
  const value = valueWords(room, step.device, step.word, step.wanted);
  const word = step.word === "muted" ? "" : `${pointWord(step.word)} `;
  return `${targetTitle(room, step.target)} · ${word}${value}`;
}

function RunTold({ room, run }) {
  const state = run.verdict ?? "running";
  const wrong = linesOf(run).filter(
    (line) => line.verdict === "failed" || line.verdict === "unknown",
  );
  return html`<li class=${classes("event", `is-${state}`)} data-event="run" data-verdict=${state}>
    <time>${clockTime(new Date(run.tapped))}</time><${Icon} name=${state} size=${17} />
    <div><b>${runTitle(room, run)}</b>
      <span class="verdict-words">${say(state)}${run.verdict && run.duration !== null ? ` ${milliseconds(run.duration)}` : ""}</span>
      ${run.by && html`<span class="by">${byWords(run.by)}</span>`}
      ${wrong.map((line) => html`<p key=${line.target}>${targetTitle(room, line.target)} — ${whyWords(room, line.step)}</p>`)}</div>
  </li>`;
}

/** What an entry of the journal says: an icon, words, and more of them. */
function entryWords(room, { kind, by, data }) {
  const device = targetTitle(room, data.device ?? data.camera ?? "");
  switch (kind) {
    case "device":
      if (data.up) return ["confirmed", `${device} ${say("deviceBack")}`, ""];
      return ["failed", `${device} ${say("deviceLost")}`, reasonWords(data.reason, data.device)];
    case "outside":
      return ["outside", `${device} ${say("outside")}`, changeWords(room, data)];
    case "pair":
      return pairWords(room, data, by);
    case "drill":
      return [
        data.state === "good" ? "confirmed" : "failed",
        `${say("drillEnded")} · ${say(`drill-${data.state}`)}`,
        [by, data.why].filter(Boolean).join(" · "),
      ];
    case "hand":
      return ["camera", `${device} · ${say(data.stop ? "stopped" : "driven")}`, by];
    default:
      return ["power", say(data.event === "stop" ? "serviceStop" : "serviceStart"), data.version];
  }
}

function pairWords(room, { pair, event, name, fitness, why, arm, to }, by) {
  const title = targetTitle(room, pair);
  const reason = why?.[language.value] ?? "";
  switch (event) {
    case "health":
      return [fitness === "dead" ? "failed" : "confirmed", `${targetTitle(room, name)} · ${say(`fitness-${fitness}`)}`, reason];
    case "advised":
      return ["unknown", `${title} · ${say(to === "main" ? "toMain" : "toBackup")}?`, reason];
    case "latched":
      return ["unknown", `${title} · ${say("latched")}`, reason];
    case "armed":
      return ["skipped", `${title} · ${say("armed")}${say(`arm-${arm}`)}`, by];
    default:
      return ["skipped", `${title} · ${say("reset")}`, by];
  }
}

function changeWords(room, { device, point, before, value }) {
  const word = point.split("/")[0];
  const title = pointTitle(room, device, { key: point, word });
  return `${title}: ${valueWords(room, device, word, before)} → ${valueWords(room, device, word, value)}`;
}

function EntryTold({ room, entry }) {
  const [state, words, more] = entryWords(room, entry);
  return html`<li class=${classes("event", `is-${state}`)} data-event=${entry.kind}>
    <time>${clockTime(new Date(entry.at))}</time><${Icon} name=${state} size=${17} />
    <div><b>${words}</b>${more && html`<p>${more}</p>`}</div>
  </li>`;
}
