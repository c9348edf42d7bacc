/** The choices of a scene: which seat, which microphone. One tap where there is one thing to choose. */

import { useState } from "preact/hooks";

import { takeScene } from "./commands.js";
import { classes, html } from "./dom.js";
import { hold } from "./hold.js";
import { Icon } from "./icons.js";
import { press } from "./press.js";
import { closeSheet, Sheet } from "./sheet.js";
import { lost } from "./state.js";
import { say, titleOf } from "./words.js";

export const firstChoices = (scene) =>
  Object.fromEntries(
    (scene.parameters ?? []).map(({ parameter, choices }) => [parameter, choices[0].choice]),
  );

/** @param {{parameters: object[], chosen: Object<string, string>, onChoose: Function}} properties */
export function Choices({ parameters, chosen, onChoose }) {
  return parameters.map(
    ({ parameter, title, choices }) => html`<fieldset key=${parameter} class="parameter"
      data-parameter=${parameter}><legend>${titleOf({ title })}</legend>
      <div class="parameter-choices">${choices.map(
        (one) => html`<button key=${one.choice} data-choice=${one.choice}
          class=${classes("big-choice", chosen[parameter] === one.choice && "is-on")}
          aria-pressed=${chosen[parameter] === one.choice} disabled=${lost.value !== null}
          ...${press(() => onChoose(parameter, one.choice))}>${titleOf(one)}</button>`,
      )}</div></fieldset>`,
  );
}

export function ChooseSheet({ room, scene }) {
  const [chosen, setChosen] = useState({});
  const { parameters } = scene;
  const atOnce = parameters.length === 1 && !scene.confirm;
  const go = (choices) => {
    closeSheet();
    takeScene(room, scene.scene, { arguments: choices, confirm: scene.confirm });
  };
  const choose = (parameter, choice) => {
    const now = { ...chosen, [parameter]: choice };
    if (atOnce) go(now);
    else setChosen(now);
  };
  const ready = parameters.every(({ parameter }) => chosen[parameter]);
  return html`<${Sheet} name="choose" title=${titleOf(scene)}>
    <${Choices} parameters=${parameters} chosen=${chosen} onChoose=${choose} />
    ${!atOnce && html`<${TakeButton} scene=${scene} disabled=${!ready} onTake=${() => go(chosen)} />`}
  </${Sheet}>`;
}

/** Takes at a tap, or held where the scene must be meant. */
export function TakeButton({ scene, disabled, onTake }) {
  const acts = scene.confirm ? hold(onTake) : press(onTake);
  return html`<button class=${classes("take", scene.emergency && "is-emergency")} data-action="take"
    disabled=${disabled || lost.value !== null} ...${acts}>
    <span class="hold-fill"></span><${Icon} name=${scene.emergency ? "shield" : "play"} size=${22} />
    <b>${say(scene.confirm ? "holdToTake" : "take")}</b></button>`;
}
