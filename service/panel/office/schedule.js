/** The schedule: a month with what was due and what came of it, what runs, and what is asked. */

import { useState } from "preact/hooks";

import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { goTo, pathTo } from "../place.js";
import { press } from "../press.js";
import { Trouble, useStoring } from "../storing.js";
import { reasonWords, titleOf } from "../words.js";
import { at, read, send } from "./api.js";
import { dayTitle, monthAfter, monthTitle, moment, time, today, weekday, weekdays } from "./dates.js";
import { Act, Bar, Empty, Head, roomTitle, Tag } from "./parts.js";
import { RunNow } from "./run_now.js";
import { ICONS, say, STATES } from "./schedule_terms.js";
import { Told, useTold } from "./told.js";

const SHOWN = 3; // of a day, in its cell
const WORST_FIRST = ["open", "asked", "failed", "missed", "interrupted", "to-come", "skipped", "done"];

const changes = { kinds: ["job"], types: ["schedule"] };

export function Page({ path: [asked] }) {
  const month = /^\d{4}-\d\d$/.test(asked ?? "") ? asked : today().slice(0, 7);
  const [chosen, choose] = useState("");
  const schedule = useTold(() => read(at("schedule")), [], changes);
  const days = useTold(() => read(at("schedule", "months", month)), [month], changes);
  const first = month === today().slice(0, 7) ? today() : `${month}-01`;
  const day = chosen.startsWith(month) ? chosen : first;
  const step = (months) => goTo("office", "schedule", monthAfter(month, months));
  return html`<${Head} title=${monthTitle(month)}>
      <${MonthStep} name="month-before" icon="left" word=${say("monthBefore")} onStep=${() => step(-1)} />
      <button class="act" data-action="this-month" ...${press(() => (choose(today()), goTo("office", "schedule")))}>${say("today")}</button>
      <${MonthStep} name="month-after" icon="right" word=${say("monthAfter")} onStep=${() => step(1)} />
    </${Head}>
    <${Told} told=${schedule}>${(told) =>
      told.jobs.length
        ? html`<div class="beside schedule">
            <${Month} month=${month} told=${days} jobs=${told.jobs} chosen=${day} onChoose=${choose} />
            <div><${Asked} told=${told} /><${Running} told=${told} />
              <${Day} day=${day} told=${days} jobs=${told.jobs} />
              <${Jobs} told=${told} /></div></div>`
        : html`<${Empty} icon="calendar">${say("noJobs")}</${Empty}>`}</${Told}>`;
}

const MonthStep = ({ name, icon, word, onStep }) =>
  html`<button class="act is-quiet" data-action=${name} aria-label=${word} title=${word} ...${press(onStep)}><${Icon}
    name=${icon} size=${20} /></button>`;

const jobTitle = (jobs, name) => titleOf(jobs.find(({ job }) => job === name)) || name;

/** Runs of the same job at the same time as one, with the outcome that needs somebody first. */
function grouped(runs) {
  const groups = new Map();
  for (const run of runs) {
    const key = `${run.due} ${run.job}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((of) => ({
    ...of.toSorted((one, other) => WORST_FIRST.indexOf(one.outcome) - WORST_FIRST.indexOf(other.outcome))[0],
    count: of.length,
  }));
}

function Month({ month, told, jobs, chosen, onChoose }) {
  const days = told.value?.month === month ? told.value.days : blank(month);
  return html`<div class="month" role="grid" aria-label=${monthTitle(month)} data-month=${month} data-read=${told.value?.month ?? ""}>
    <div class="week-head" role="row">${weekdays().map((word) => html`<span role="columnheader" key=${word}>${word}</span>`)}</div>
    <div class="month-days">${days.map(
      (day, n) => html`<${DayCell} key=${day.date} day=${day} column=${n ? 0 : weekday(day.date) + 1} jobs=${jobs}
        isChosen=${day.date === chosen} onChoose=${onChoose} />`,
    )}</div></div>`;
}

/** The days of a month that is not told yet. */
function blank(month) {
  const days = new Date(Date.UTC(...month.split("-").map(Number), 0)).getUTCDate();
  return Array.from({ length: days }, (_, n) => {
    const date = `${month}-${String(n + 1).padStart(2, "0")}`;
    return { date, working: weekday(date) < 5, runs: [] };
  });
}

function DayCell({ day, column, jobs, isChosen, onChoose }) {
  const groups = grouped(day.runs);
  const usual = weekday(day.date) < 5;
  const note = day.working === usual ? "" : say(day.working ? "workedDay" : "holiday");
  const words = groups.map((run) => `${time(run.due)} ${jobTitle(jobs, run.job)} ${say(`outcome-${run.outcome}`)}`).join(", ");
  return html`<button class=${classes("day", !day.working && "is-off", isChosen && "is-chosen", day.date === today() && "is-today")}
    role="gridcell" style=${column ? `grid-column:${column}` : ""} data-day=${day.date} data-working=${day.working}
    aria-selected=${isChosen} aria-label=${[dayTitle(day.date), note, words].filter(Boolean).join(", ")}
    ...${press(() => onChoose(day.date))}>
    <span class="day-number">${Number(day.date.slice(8))}${note && html`<em>${note}</em>`}</span>
    ${groups.slice(0, groups.length > SHOWN ? SHOWN - 1 : SHOWN).map(
      (run) => html`<span class=${classes("due", `is-${STATES[run.outcome]}`)} key=${`${run.due} ${run.job}`}
        data-outcome=${run.outcome}><${Icon} name=${ICONS[run.outcome]} size=${11} /><span>${jobTitle(jobs, run.job)}</span></span>`,
    )}
    ${groups.length > SHOWN && html`<span class="due-more">+${groups.length - SHOWN + 1}</span>`}
  </button>`;
}

/** What passed while nobody was there, and waits for a person's word. */
function Asked({ told }) {
  return told.asked.map((run) => html`<${Question} key=${run.run} run=${run} jobs=${told.jobs} />`);
}

function Question({ run, jobs }) {
  const [answering, answer] = useStoring();
  const reply = (runs) => answer(() => send(at("schedule", "runs", run.run, "answer"), { run: runs }));
  return html`<section class="card is-unknown asked" data-asked=${run.run}>
    <div class="card-head"><b>${jobTitle(jobs, run.job)}</b><span class="soft">${moment(run.due)}</span></div>
    <p>${run.room && html`${roomTitle(run.room)} — `}${say("askedWhy")}</p>
    <${Trouble} storing=${answering} />
    <div class="two"><${Act} name="answer-no" needs="maintain" onAct=${() => reply(false)} under=${answering.under}>${say("leaveOut")}</${Act}>
      <${Act} name="answer-yes" needs="maintain" kind="main" onAct=${() => reply(true)} under=${answering.under}>${say("runIt")}</${Act}></div>
  </section>`;
}

function Running({ told: { running, jobs } }) {
  if (!running.length) return null;
  return html`<section class="card" data-running><h2>${say("now")}</h2>${running.map(
    (run) => html`<div class="running" key=${run.run} data-run=${run.run}>
      <div class="card-head"><b>${jobTitle(jobs, run.job)}</b>
        ${run.put_off ? html`<${Tag} state="unknown">${say("putOff")}</${Tag}>` : html`<span class="soft">${Math.round(run.progress * 100)} %</span>`}</div>
      <p class="soft">${[run.room && roomTitle(run.room), run.put_off || run.doing].filter(Boolean).join(" — ")}</p>
      ${!run.put_off && html`<${Bar} part=${run.progress} />`}</div>`,
  )}</section>`;
}

function Day({ day, told, jobs }) {
  const runs = told.value?.days.find(({ date }) => date === day)?.runs ?? [];
  return html`<section class="card" data-chosen-day=${day}><h2>${dayTitle(day)}</h2>
    ${told.error && !told.value ? html`<${Told} told=${told} />` : !runs.length && html`<p class="soft">${say("nothingDue")}</p>`}
    ${runs.map((run) => html`<${Due} key=${`${run.due} ${run.job} ${run.room}`} run=${run} jobs=${jobs} />`)}
  </section>`;
}

function Due({ run, jobs }) {
  const [skipping, skip] = useStoring();
  const leaveOut = () =>
    skip(() => send(at("schedule", run.job, "skip"), { due: run.due, rooms: run.room ? [run.room] : [] }));
  const isWarmUp = jobs.find(({ job }) => job === run.job)?.do === "warm-up" && run.room;
  return html`<div class="due-row" data-due=${run.due} data-job=${run.job} data-outcome=${run.outcome}>
    <div class="card-head"><time>${time(run.due)}</time><b>${jobTitle(jobs, run.job)}</b>
      <${Tag} state=${STATES[run.outcome]} icon=${ICONS[run.outcome]}>${say(`outcome-${run.outcome}`)}</${Tag}></div>
    ${(run.room || run.why) && html`<p class="soft">${[run.room && roomTitle(run.room), reasonWords(run.why)].filter(Boolean).join(" — ")}</p>`}
    <${Trouble} storing=${skipping} />
    ${run.outcome === "to-come" && html`<${Act} name="skip" needs="maintain" kind="quiet" held onAct=${leaveOut} under=${skipping.under}>${say("holdToSkip")}</${Act}>`}
    ${isWarmUp && run.run && html`<a class="linked" href=${pathTo("office", "warm-ups", run.room)}>${say("itsWarmUps")}</a>`}
  </div>`;
}

function Jobs({ told: { jobs } }) {
  const [begun, setBegun] = useState(null);
  return html`<section class="card" data-jobs><h2>${say("jobs")}</h2>${jobs.map(
    (job) => html`<div class="job" key=${job.job} data-job=${job.job}>
      <div><b>${titleOf(job)}</b><p class="soft">${job.next ? `${say("next")} ${moment(job.next)}` : say("neverAgain")}</p></div>
      <${Act} name="run-now" needs="maintain" onAct=${() => setBegun(job)}>${say("runNow")}</${Act}></div>`,
  )}
  ${begun && html`<${RunNow} job=${begun} onClose=${() => setBegun(null)} />`}</section>`;
}
