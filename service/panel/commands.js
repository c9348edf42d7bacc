/** What a finger asks for, from the press to the server's word on it. */

import { signal } from "@preact/signals";

import { armPair, changeOver, newKey, Problem, resetPair, set, take } from "./api.js";
import { askPin } from "./pin.js";
import { tellRun } from "./state.js";
import { say } from "./words.js";
import { targetTitle, whyWords } from "./values.js";

const DOUBLE = 500; // ms within which a second tap is the same take
const NOTICE = 6000; // ms

/** What the panel has to say about the last thing set, for a few seconds: {text, verdict}, or null. */
export const notice = signal(null);
/** Settings under way: "target word" → the value asked for. */
export const asked = signal(new Map());

let noticeTimer = 0;

export function notify(verdict, text) {
  clearTimeout(noticeTimer);
  notice.value = { verdict, text };
  noticeTimer = setTimeout(() => (notice.value = null), NOTICE);
}

function changed(map, key, value) {
  const next = new Map(map.value);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  map.value = next;
}

/** In both languages: what became of a press that got no run. */
function problemOf(error) {
  if (error instanceof Problem) return { verdict: "failed", words: error.words };
  return { verdict: "unknown", words: null };
}

export const problemWords = (words, language) => words?.[language] ?? say("noAnswer");

/**
 * Take a scene. A second tap in the same moment, or while it runs, is the same take.
 * @param {{arguments?: Object<string, string>, confirm?: boolean}} [how] its choices, and that it is meant
 */
export async function takeScene(room, scene, how) {
  const at = performance.now();
  const pressed = room.presses.value.get(scene);
  const running = !how?.arguments && room.runs.value.some((run) => run.scene === scene && !run.verdict);
  if (running || (pressed && (!pressed.problem || at - pressed.at < DOUBLE))) return;
  const key = newKey();
  room.presses.value = new Map([[scene, { at, key, problem: null }]]);
  try {
    tellRun(room, await take(room.name, scene, key, how));
    if (room.presses.value.get(scene)?.key === key)
      lift(room, scene, Math.max(0, at + DOUBLE - performance.now()));
  } catch (error) {
    if (error.code === "pin-needed") {
      changed(room.presses, scene, undefined);
      askPin(room, () => takeScene(room, scene, how));
    } else if (room.presses.value.get(scene)?.key === key) {
      changed(room.presses, scene, { at, key, problem: problemOf(error) });
    }
  }
}

/** Forget a press that became a run, but not before a double tap is over. */
function lift(room, scene, pause) {
  const { key } = room.presses.value.get(scene);
  changed(room.presses, scene, { ...room.presses.value.get(scene), isRun: true });
  setTimeout(
    () => room.presses.value.get(scene)?.key === key && changed(room.presses, scene, undefined),
    pause,
  );
}

/** Set one place of a target. What did not come true is said in a notice; what did shows where it was read back. */
export async function ask(room, target, word, value) {
  const key = `${target} ${word}`;
  changed(asked, key, value);
  try {
    judge(room, await set(room.name, target, word, value));
  } catch (error) {
    const { verdict, words } = problemOf(error);
    const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    notify(verdict, `${targetTitle(room, target)} — ${problemWords(words, language)}`);
  } finally {
    if (asked.value.get(key) === value) changed(asked, key, undefined);
  }
}

const here = () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");

function told(room, target, error) {
  const { verdict, words } = problemOf(error);
  notify(verdict, `${targetTitle(room, target)} — ${problemWords(words, here())}`);
}

/** Changeovers tapped here: pair → {to, run: its identity once known, at}, until it is put away. */
export const changeovers = signal(new Map());
export const putAway = (pair) => changed(changeovers, pair, undefined);

/** Take a pair to a side. What becomes of it is the run's to tell. */
export async function changePair(room, pair, to) {
  const under = changeovers.value.get(pair);
  if (under && under.to === to && performance.now() - under.at < DOUBLE) return;
  const mine = { to, run: null, at: performance.now() };
  changed(changeovers, pair, mine);
  try {
    const run = await changeOver(room.name, pair, to, newKey());
    tellRun(room, run);
    if (changeovers.value.get(pair) === mine) changed(changeovers, pair, { ...mine, run: run.run, tapped: run.tapped });
  } catch (error) {
    if (changeovers.value.get(pair) === mine) putAway(pair);
    told(room, pair, error);
  }
}

export const arm = (room, pair, mode) =>
  armPair(room.name, pair, mode).catch((error) => told(room, pair, error));
export const reset = (room, pair) =>
  resetPair(room.name, pair).catch((error) => told(room, pair, error));

function judge(room, run) {
  tellRun(room, run);
  const wrong = run.steps.find((step) => step.verdict === "failed" || step.verdict === "unknown");
  if (wrong) notify(wrong.verdict, `${targetTitle(room, wrong.target)} — ${whyWords(room, wrong)}`);
}
