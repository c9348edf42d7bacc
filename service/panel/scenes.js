/** The big buttons: one tap is one take, and the button tells what became of it. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { isBarred } from "./access.js";
import { problemWords, takeScene } from "./commands.js";
import { classes, html } from "./dom.js";
import { hold } from "./hold.js";
import { Icon, sceneIcon } from "./icons.js";
import { tapOrStay } from "./press.js";
import { endedAt, linesOf, progress, runShown } from "./runs.js";
import { openSheet } from "./sheet.js";
import { isOverdue, isWaiting, lost, now } from "./state.js";
import { targetTitle, whyWords } from "./values.js";
import { byWords, language, lasting, milliseconds, say, span, titleOf } from "./words.js";

export function Scenes({ room }) {
  const scenes = room.scenes.filter((scene) => !scene.emergency);
  if (!scenes.length) return html`<p class="empty">${say("noScenes")}</p>`;
  const count = scenes.length;
  return html`<section class=${classes("scenes", count > 6 && "is-many")} aria-label=${say("scenes")} data-over=${count % 3}
    data-fours=${count > 6 && count !== 9 ? count % 4 : null}>
    ${scenes.map((scene) => html`<${Scene} key=${scene.scene} room=${room} scene=${scene} />`)}
  </section>`;
}

/** {state, run, problem} of a scene's button. */
export function stateOf(room, scene) {
  const pressed = room.presses.value.get(scene.scene);
  const run = runShown(room.runs.value, scene.scene);
  if (pressed?.problem) return { state: pressed.problem.verdict, problem: pressed.problem };
  if (pressed && !pressed.isRun)
    return { state: lost.value === null ? "running" : "unknown", sending: true };
  if (!run) return { state: "ready" };
  if (!run.verdict && lost.value !== null)
    return { state: "unknown", run, problem: { words: null } };
  if (!run.verdict && isOverdue(run))
    return { state: "unknown", run, problem: { words: null, said: "noVerdict" } };
  return { state: run.verdict ?? "running", run };
}

function Scene({ room, scene }) {
  const shown = stateOf(room, scene);
  const { state, run } = shown;
  const away = isBarred(room);
  return html`<div class="scene-cell"><button class=${classes("scene", `is-${state}`, `hue-${sceneIcon(scene.colour)}`)}
    data-scene=${scene.scene}
    data-state=${state} data-run=${run?.run} disabled=${away} aria-busy=${state === "running"}
    ...${taps(room, scene)}>
    ${scene.confirm && html`<span class="hold-fill"></span>`}
    <span class="scene-head">
      <span class="scene-icon"><${Icon} name=${sceneIcon(scene.colour)} size=${26} /></span>
      <span class="scene-title">${titleOf(scene)}${run && chosenWords(scene, run) && html`${" "}<span
        class="scene-chosen" data-chosen>· ${chosenWords(scene, run)}</span>`}</span>
    </span>
    <span class="scene-state">
      <span class="verdict"><${Icon} name=${state} size=${18} /><b>${stateWords(shown)}</b></span>
      <${Aside} scene=${scene} ...${shown} />
    </span>
    <${Body} room=${room} scene=${scene} ...${shown} />
    ${state === "running" && html`<${Progress} run=${run} scene=${scene} />`}
  </button>
  <button class="info" data-info=${scene.scene} aria-label=${`${say("plan")} — ${titleOf(scene)}`}
    onClick=${() => openSheet("plan", room, scene.scene)}><${Icon} name="info" size=${18} /></button></div>`;
}

/** Which choices a run of a scene took: "Chair". */
export const chosenWords = (scene, run) =>
  (scene.parameters ?? [])
    .map(({ parameter, choices }) => {
      const chosen = run.arguments?.[parameter];
      return chosen && titleOf(choices.find(({ choice }) => choice === chosen) ?? { title: chosen });
    })
    .filter(Boolean)
    .join(say("comma"));

/** What a finger on a scene does: take it, ask which, or wait until it is meant. One that stays is shown the plan. */
function taps(room, scene) {
  const plan = () => openSheet("plan", room, scene.scene);
  if (scene.parameters?.length) return tapOrStay(() => openSheet("choose", room, scene.scene), plan);
  if (scene.confirm) return hold(() => takeScene(room, scene.scene, { confirm: true }));
  return tapOrStay(() => takeScene(room, scene.scene), plan);
}

export function stateWords({ state, run, sending, problem }) {
  if (state === "ready" && lost.value !== null) return say("serverLost");
  if (problem?.words) return say("notTaken");
  if (sending && state === "running") return say("sending");
  if (run && isWaiting(run)) return say("waiting");
  if (run?.verdict && run.duration !== null) {
    const over = run.over_budget ? ` · ${say("overBudget")}` : "";
    return `${say(state)} ${milliseconds(run.duration)}${over}`;
  }
  return say(state);
}

/** What stands beside the state: how long it takes, or who took it and when. */
function Aside({ scene, state, run }) {
  if (state === "ready" && scene.confirm) return html`<span class="aside">${say("holdHint")}</span>`;
  if (state === "ready")
    return scene.expected
      ? html`<span class="aside">${say("about")} ${lasting(scene.expected)}</span>`
      : null;
  if (!run) return null;
  if (run.verdict) {
    const ago = Math.max(0, (Date.now() - endedAt(run)) / 1000 + now.value * 0);
    return html`<span class="aside">${span(ago)} ${say("ago")}</span>`;
  }
  return run.by ? html`<span class="aside">${byWords(run.by)}</span>` : null;
}

/** What there is to say of it. Lines for which the button is too small are counted, never cut through. */
function Body(told) {
  const body = useRef(null);
  const [hidden, setHidden] = useState(0);
  useLayoutEffect(() => {
    const { left, right } = body.current.getBoundingClientRect();
    const isOutside = (line) => line.getBoundingClientRect().left >= Math.max(right, left + 1);
    setHidden([...body.current.children].filter(isOutside).length);
  });
  return html`<span class="scene-body" ref=${body}><${Lines} ...${told} /></span>${
    hidden > 0 && html`<span class="scene-more" data-more=${hidden}>${say("more")} ${hidden} ${say("moreSteps")}</span>`
  }`;
}

function Lines({ room, scene, run, problem }) {
  if (problem)
    return html`<span class="why">${problem.said ? say(problem.said) : problemWords(problem.words, language.value)}</span>`;
  if (!run) return html`<${Concerned} room=${room} scene=${scene} />`;
  return html`<${Followed} room=${room} run=${run} />${linesOf(run).map(
    (line) => html`<${Line} key=${line.target} room=${room} line=${line} open=${!run.verdict} />`,
  )}`;
}

/** What came after a failure: a return to what was, or another scene, and what of it came true. */
export function Followed({ room, run }) {
  const then = run.then && room.runs.value.find((other) => other.run === run.then);
  if (!then) return null;
  const state = then.verdict ?? "running";
  const word = run.wish === "return" ? say("returned") : `${say("thenTook")} ${titleOf(then)}`;
  const lostFor = (run.unreturned ?? []).map((target) => targetTitle(room, target));
  return html`<span class=${classes("line", "followed", `is-${state}`)} data-then=${then.run} data-verdict=${state}>
    <${Icon} name=${then.verdict ?? "running"} size=${15} /><span class="line-name">${word}</span>
    <span class="line-time">${say(state)}${then.verdict && then.duration !== null ? ` ${milliseconds(then.duration)}` : ""}</span>
    ${lostFor.length > 0 && html`<span class="why">${say("unreturned")} ${lostFor.join(say("comma"))}</span>`}</span>`;
}

/** Before the tap: whom it concerns, and who of them is not there. */
function Concerned({ room, scene }) {
  const devices = scene.devices.map((name) => room.devices.get(name)?.value).filter(Boolean);
  const away = devices.filter((device) => !device.up);
  return html`${away.map(
    (
      device,
    ) => html`<span key=${device.device} class="line is-failed"><${Icon} name="failed" size=${15} />
      <span class="line-name">${titleOf(device)} ${say("isDown")}</span></span>`,
  )}
    ${
      away.length < 3 &&
      html`<span class="concerned">${devices
        .filter((device) => device.up)
        .map(titleOf)
        .join("\u00a0· ")}</span>`
    }`;
}

function Line({ room, line, open }) {
  const { target, verdict, after, step } = line;
  const wrong = verdict === "failed" || verdict === "unknown";
  return html`<span class=${classes("line", `is-${verdict ?? "running"}`)} data-step=${target}
    data-verdict=${verdict ?? ""}>
    <${Icon} name=${verdict ?? (open && step.sent !== null ? "running" : "ready")} size=${15} />
    <span class="line-name">${targetTitle(room, target)}</span>
    ${verdict && !wrong && html`<span class="line-time">${verdict === "skipped" || after === null ? say(verdict) : milliseconds(after)}</span>`}
    ${wrong && html`<span class="why">${whyWords(room, step)}</span>`}
  </span>`;
}

/** The thin line: drawn by the display's frames, not by renders. */
export function Progress({ run, scene }) {
  const bar = useRef(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const elapsed = run ? run.elapsed + (performance.now() - run.heard) / 1000 : 0;
      if (bar.current)
        bar.current.style.transform = `scaleX(${progress(run ?? {}, scene, elapsed).toFixed(4)})`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [run, scene]);
  return html`<span class="progress"><span class="progress-bar" ref=${bar}></span></span>`;
}
