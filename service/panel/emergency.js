/** Emergencies: in a strip of their own, always there, and taken only when held. */

import { isBarred } from "./access.js";
import { classes, html } from "./dom.js";
import { takeScene } from "./commands.js";
import { hold } from "./hold.js";
import { Icon } from "./icons.js";
import { Progress, stateOf, stateWords } from "./scenes.js";
import { openSheet } from "./sheet.js";
import { lost } from "./state.js";
import { say, titleOf } from "./words.js";

export function Emergencies({ room }) {
  const scenes = room.scenes.filter((scene) => scene.emergency);
  if (!scenes.length) return null;
  return html`<section class="emergencies" aria-label=${say("emergency")}>
    ${scenes.map((scene) => html`<${Emergency} key=${scene.scene} room=${room} scene=${scene} />`)}
  </section>`;
}

function Emergency({ room, scene }) {
  const shown = stateOf(room, scene);
  const { state, run } = shown;
  const isIdle = state === "ready";
  return html`<div class="emergency-cell">
    <button class=${classes("emergency", `is-${state}`)} data-scene=${scene.scene} data-state=${state}
      data-run=${run?.run} disabled=${isBarred(room, "emergency")} aria-busy=${state === "running"}
      aria-description=${say("holdHint")}
      ...${hold(() => takeScene(room, scene.scene, { confirm: true }))}>
      <span class="hold-fill"></span>
      <${Icon} name=${isIdle ? "shield" : state} size=${22} />
      <span class="emergency-title">${titleOf(scene)}</span>
      <span class="emergency-hint verdict">${isIdle && lost.value === null ? say("holdHint") : stateWords(shown)}</span>
      ${state === "running" && html`<${Progress} run=${run} scene=${scene} />`}
    </button>
    <button class="info" data-info=${scene.scene} aria-label=${`${say("plan")} — ${titleOf(scene)}`}
      onClick=${() => openSheet("plan", room, scene.scene)}><${Icon} name="info" size=${18} /></button>
  </div>`;
}
