/** What a scene would do if it were taken now: steps in order, what is right already, what may go wrong. */

import { useEffect, useState } from "preact/hooks";

import { isBarred } from "./access.js";
import { planOf, Problem } from "./api.js";
import { Choices, firstChoices, TakeButton } from "./choose.js";
import { problemWords, takeScene } from "./commands.js";
import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { closeSheet, Sheet } from "./sheet.js";
import { pointWord, targetTitle, valueWords } from "./values.js";
import { language, lasting, say, titleOf } from "./words.js";

const AGAIN = 3000; // ms between two readings while the sheet is open

const ICONS = { right: "confirmed", drive: "play", unknown: "unknown", unreachable: "failed" };

/** The plan as it stands: {plan, problem}, read again while it is looked at. */
function usePlan(room, scene, chosen) {
  const [told, setTold] = useState({ plan: null, problem: null });
  useEffect(() => {
    let timer = 0;
    let going = true;
    const read = async () => {
      try {
        const plan = await planOf(room.name, scene.scene, chosen);
        if (going) setTold({ plan, problem: null });
      } catch (error) {
        if (going) setTold({ plan: null, problem: error });
      }
      if (going) timer = setTimeout(read, AGAIN);
    };
    read();
    return () => {
      going = false;
      clearTimeout(timer);
    };
  }, [room, scene, chosen]);
  return told;
}

export function PlanSheet({ room, scene }) {
  const [chosen, setChosen] = useState(() => firstChoices(scene));
  const { plan, problem } = usePlan(room, scene, chosen);
  const take = () => {
    closeSheet();
    const how = scene.parameters.length ? { arguments: chosen } : {};
    takeScene(room, scene.scene, scene.confirm ? { ...how, confirm: true } : how.arguments && how);
  };
  const choose = (parameter, choice) => setChosen({ ...chosen, [parameter]: choice });
  return html`<${Sheet} name="plan" title=${titleOf(scene)}>
    ${scene.parameters.length > 0 && html`<${Choices} parameters=${scene.parameters} chosen=${chosen}
      onChoose=${choose} />`}
    <div class="plan" aria-live="polite">${
      plan
        ? html`<${Plan} room=${room} plan=${plan} />`
        : problem
          ? html`<p class="why is-failed">${problemWords(problem instanceof Problem ? problem.words : null, language.value)}</p>`
          : html`<p class="empty"><span class="turning"></span></p>`
    }</div>
    <footer class="sheet-foot"><${TakeButton} scene=${scene} disabled=${isBarred(room, scene.emergency ? "emergency" : "operate")}
      onTake=${take} /></footer>
  </${Sheet}>`;
}

function Plan({ room, plan }) {
  const driven = plan.steps.filter((step) => step.prospect !== "right").length;
  return html`<p class="plan-sum">${driven ? `${driven} ${say("stepsToDo")}` : say("allRight")}
      ${plan.expected !== null && driven > 0 && html`<span> · ${say("about")} ${lasting(plan.expected)}</span>`}
      <span> · ${say("deadline")} ${plan.deadline} s</span>${plan.hold > 0 && html`<span> · ${say("holds")} ${plan.hold} s</span>`}</p>
    ${plan.risks.length > 0 && html`<ul class="risks" aria-label=${say("risks")}>${plan.risks.map(
      (risk) => html`<li key=${risk.en} class=${risk.risk === "unreachable" ? "is-failed" : "is-unknown"}
        data-risk=${risk.risk}><${Icon} name="warning" size=${18} /><span>${risk[language.value]}</span></li>`,
    )}</ul>`}
    <ol class="plan-steps">${plan.steps.map(
      (step) => html`<${PlanStep} key=${`${step.target} ${step.word} ${step.point}`} room=${room} step=${step} />`,
    )}</ol>`;
}

function PlanStep({ room, step }) {
  const words = (value) => valueWords(room, step.device, step.word, value);
  const isCheck = step.kind === "check";
  const state = { right: "is-confirmed", drive: "is-running", unknown: "is-unknown", unreachable: "is-failed" };
  const differs = step.prospect === "drive" && !isCheck && step.kind !== "act";
  return html`<li class=${classes("plan-step", state[step.prospect], step.after.length && "is-after")}
    data-plan-step=${step.target} data-word=${step.word} data-prospect=${step.prospect}>
    <${Icon} name=${isCheck ? "check" : ICONS[step.prospect]} size=${18} />
    <span class="plan-what"><b>${targetTitle(room, step.target)}</b>${` ${pointWord(step.word)} `}<span
      class="plan-values">${differs && step.now !== null && html`<s>${words(step.now)}</s> → `}${words(step.wanted)}</span></span>
    <span class="plan-prospect">${say(isCheck && step.prospect === "drive" ? "prospectCheck" : `prospect-${step.prospect}`)}${
      step.expected !== null && step.prospect !== "right" ? html` · ${lasting(step.expected)}` : ""
    }</span>
    ${step.after.length > 0 && html`<span class="plan-after">${say("after")} ${step.after
      .map((target) => targetTitle(room, target))
      .join(say("comma"))}</span>`}
  </li>`;
}
