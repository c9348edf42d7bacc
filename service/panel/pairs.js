/** Main and backup: which side is in use, how well both are, and who may change over. */

import { isBarred } from "./access.js";
import { arm, changeovers, changePair, putAway, reset } from "./commands.js";
import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { Rehearsal } from "./rehearsal.js";
import { press } from "./press.js";
import { endedAt } from "./runs.js";
import { Followed } from "./scenes.js";
import { ageNow, now } from "./state.js";
import { whyWords } from "./values.js";
import { byWords, language, milliseconds, say, span, titleOf } from "./words.js";

const ARMS = ["off", "advise", "automatic"];
const STATES = { well: "confirmed", dead: "failed", unknown: "unknown" };
const RESULT_STANDS = 12; // seconds
const SEEN = 1500; // ms

export const pairsOf = (room) => [...room.pairs.values()].map((told) => told.value);
export const isAbnormal = (pair) => pair.active === "backup" || pair.latched;
const otherSide = (side) => (side === "main" ? "backup" : "main");
const runOf = (room, pair) => pair.run && (room.runs.value.find((run) => run.run === pair.run.run) ?? pair.run);

export function Pairs({ room }) {
  const pairs = pairsOf(room);
  if (!pairs.length) return html`<p class="empty">${say("noPairs")}</p>`;
  return html`<div class="pairs">${pairs.map((pair) => html`<${Pair} key=${pair.pair} room=${room} pair=${pair} />`)}
    <${Rehearsal} room=${room} /></div>`;
}

function Pair({ room, pair }) {
  const run = runOf(room, pair);
  return html`<section class=${classes("pair", isAbnormal(pair) && "is-abnormal")} data-pair=${pair.pair}
    data-active=${pair.active} data-latched=${pair.latched} data-advised=${pair.advised} data-arm=${pair.arm}>
    <h3>${titleOf(pair)}</h3>
    <div class="sides">
      <${Side} room=${room} pair=${pair} side="main" />
      <${Side} room=${room} pair=${pair} side="backup" />
    </div>
    ${run && html`<${Outcome} room=${room} run=${run} />`}
    <div class="arms" role="radiogroup" aria-label=${say("arm")}>${ARMS.map(
      (mode) => html`<button key=${mode} role="radio" class="arm" aria-checked=${pair.arm === mode}
        data-arm=${mode} disabled=${isBarred(room, "configure")}
        ...${press(() => arm(room, pair.pair, mode))}>${say(`arm-${mode}`)}</button>`,
    )}</div>
    <p class="arm-means">${say(`means-${pair.arm}`)}</p>
    ${pair.latched && html`<p class="latched is-unknown"><${Icon} name="warning" size=${18} />
      <span>${say("latchedWhy")}</span><button class="reset" data-action="reset" disabled=${isBarred(room)}
        ...${press(() => reset(room, pair.pair))}>${say("reset")}</button></p>`}
  </section>`;
}

function Side({ room, pair, side }) {
  const told = pair[side];
  const on = pair.active === side;
  const state = STATES[told.fitness];
  const since = told.since === null ? null : ageNow(pair, told.since);
  return html`<div class=${classes("side", on && "is-on", `is-${state}`)} data-side=${side}
    data-fitness=${told.fitness}>
    <span class="side-role">${say(side)}${on && html`<b class="in-use">${say("inUse")}</b>`}</span>
    <span class="side-name">${titleOf(told)}</span>
    <span class="verdict"><${Icon} name=${state} size=${16} /><b>${say(`fitness-${told.fitness}`)}</b>
      ${since !== null && html`<span class="aside">${span(since)}</span>`}</span>
    ${told.why && html`<span class="why">${told.why[language.value]}</span>`}
    <button class=${classes("change-over", on && "is-idle")} data-action=${`to-${side}`} disabled=${on || isBarred(room)}
      ...${press(() => changePair(room, pair.pair, side))}>${say(side === "main" ? "toMain" : "toBackup")}</button>
  </div>`;
}

/** What became of the last changeover. */
function Outcome({ room, run }) {
  const state = run.verdict ?? "running";
  const wrong = run.steps.find((step) => step.verdict === "failed" || step.verdict === "unknown");
  const ago = run.verdict ? Math.max(0, (Date.now() - endedAt(run)) / 1000 + now.value * 0) : null;
  return html`<div class=${classes("outcome", `is-${state}`)} data-run=${run.run} data-verdict=${state}>
    <span class="verdict"><${Icon} name=${state} size=${16} /><b>${say(run.scene.endsWith(" to main") ? "toMain" : "toBackup")}
      · ${say(state)}${run.verdict && run.duration !== null ? ` ${milliseconds(run.duration)}` : ""}</b></span>
    <span class="aside">${byWords(run.by)}${ago === null ? "" : ` · ${span(ago)} ${say("ago")}`}</span>
    ${wrong && html`<span class="why">${whyWords(room, wrong)}</span>`}
    <${Followed} room=${room} run=${run} />
  </div>`;
}

/** In the top bar: something stands on its backup, or has changed over by itself. */
export function Abnormal({ room, onOpen }) {
  const pairs = room ? pairsOf(room).filter(isAbnormal) : [];
  if (!pairs.length) return null;
  const latched = pairs.some((pair) => pair.latched);
  return html`<button class="abnormal" data-lamp="abnormal" onClick=${onOpen}>
    <${Icon} name="warning" size=${18} /><span>${say(latched ? "latched" : "onBackup")}</span>
    ${pairs.length > 1 && html`<b>${pairs.length}</b>`}<span class="sr">${pairs.map(titleOf).join(say("comma"))}</span></button>`;
}

/** Whether a changeover tapped here is not over yet. */
function isUnderWay(room, pair) {
  const mine = changeovers.value.get(pair.pair);
  if (!mine) return false;
  const run = room.runs.value.find((one) => one.run === mine.run);
  // Once it has, the pair gets a moment to be seen on its new side.
  return !run?.verdict || Date.now() - endedAt(run) + now.value * 0 < SEEN;
}

/** Whether the pair's last changeover is the one tapped here: a newer one tells more. */
function isAnswered(pair) {
  const mine = changeovers.value.get(pair.pair);
  return mine && (!mine.run || !pair.run || pair.run.run === mine.run || pair.run.tapped < mine.tapped);
}

/** What the panel asks: the side in use is dead, one tap switches. Then, for a while, what came of it. */
export function Advice({ room }) {
  const pairs = pairsOf(room);
  const asks = pairs.filter((pair) => pair.advised && !isUnderWay(room, pair));
  const answered = pairs.filter((pair) => isAnswered(pair));
  return html`<div class="advices" role="alert">
    ${asks.map((pair) => html`<${Ask} key=${pair.pair} room=${room} pair=${pair} />`)}
    ${answered.map((pair) => html`<${Answered} key=${pair.pair} room=${room} pair=${pair} />`)}
  </div>`;
}

function Ask({ room, pair }) {
  const here = pair[pair.active];
  const to = otherSide(pair.active);
  return html`<div class="advice is-failed" data-advice=${pair.pair}>
    <${Icon} name="warning" size=${28} />
    <p><b>${titleOf(here)}${say("isDead")}</b><span>${here.why?.[language.value] ?? ""}</span></p>
    <button class="advice-go" data-action="advice-go" disabled=${isBarred(room)}
      ...${press(() => changePair(room, pair.pair, to))}><${Icon} name="backup" size=${22} />
      <span><b>${say(to === "backup" ? "toBackup" : "toMain")}</b><small>${titleOf(pair[to])}</small></span></button>
  </div>`;
}

function Answered({ room, pair }) {
  const mine = changeovers.value.get(pair.pair);
  const run = mine.run && room.runs.value.find((one) => one.run === mine.run);
  const state = run ? (run.verdict ?? "running") : "running";
  const wrong = run?.steps.find((step) => step.verdict === "failed" || step.verdict === "unknown");
  const old = run?.verdict && (Date.now() - endedAt(run)) / 1000 + now.value * 0 > RESULT_STANDS;
  if (old && !wrong) return null;
  return html`<div class=${classes("advice", `is-${state}`)} data-answered=${pair.pair} data-verdict=${state}>
    <${Icon} name=${state} size=${26} />
    <p><b>${say(mine.to === "main" ? "toMain" : "toBackup")} · ${say(state)}${run?.verdict && run.duration !== null ? ` ${milliseconds(run.duration)}` : ""}</b>
      <span>${wrong ? whyWords(room, wrong) : titleOf(pair[mine.to])}</span>${run && html`<${Followed} room=${room} run=${run} />`}</p>
    <button class="icon-button" aria-label=${say("close")} onClick=${() => putAway(pair.pair)}><${Icon}
      name="close" size=${20} /></button>
  </div>`;
}
