/** What a finger asks for, from the press to the server's word on it. */

import { signal } from "@preact/signals";

import { newKey, Problem, set, take } from "./api.js";
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

/** Take a scene. A second tap in the same moment, or while it runs, is the same take. */
export async function takeScene(room, scene) {
  const at = performance.now();
  const pressed = room.presses.value.get(scene);
  const running = room.runs.value.some((run) => run.scene === scene && !run.verdict);
  if (running || (pressed && (!pressed.problem || at - pressed.at < DOUBLE))) return;
  const key = newKey();
  room.presses.value = new Map([[scene, { at, key, problem: null }]]);
  try {
    tellRun(room, await take(room.name, scene, key));
    if (room.presses.value.get(scene)?.key === key)
      lift(room, scene, Math.max(0, at + DOUBLE - performance.now()));
  } catch (error) {
    if (room.presses.value.get(scene)?.key === key) {
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

function judge(room, run) {
  tellRun(room, run);
  const wrong = run.steps.find((step) => step.verdict === "failed" || step.verdict === "unknown");
  if (wrong) notify(wrong.verdict, `${targetTitle(room, wrong.target)} — ${whyWords(room, wrong)}`);
}
