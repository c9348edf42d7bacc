/** One inspection: what the devices told, and the list that a person goes through. */

import { useEffect, useState } from "preact/hooks";

import { html } from "../dom.js";
import { Icon } from "../icons.js";
import { pathTo } from "../place.js";
import { listen } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { byWords, language } from "../words.js";
import { at, read, send } from "./api.js";
import { moment } from "./dates.js";
import { countsOf } from "./inspections.js";
import { Look } from "./inspection_look.js";
import { RESULTS, say, STATES } from "./inspection_terms.js";
import { Act, Bar, deviceTitle, Head, roomTitle, Segments, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

/** How far the reading is, as the socket tells it. */
function useProgress(inspection) {
  const [brief, setBrief] = useState(null);
  useEffect(
    () => listen((message) => message.type === "inspection" && message.inspection.inspection === inspection && setBrief(message.inspection)),
    [inspection],
  );
  return brief;
}

export function OneInspection({ inspection }) {
  const told = useTold(() => read(at("inspections", inspection)), [inspection], { kinds: ["inspection"], types: ["inspection"] });
  const brief = useProgress(inspection);
  const it = told.value;
  const under = it && [roomTitle(it.room), moment(it.began), byWords(it.by)].join(" · ");
  return html`<${Head} title=${say("inspection")} back=${["inspections"]} under=${under}>
      ${it && html`<${Tag} state=${STATES[it.result]} data-result=${it.result}>${say(`result-${it.result}`)}</${Tag}>`}
      ${it && it.state !== "closed" && html`<${Close} inspection=${it} onDone=${told.again} />`}</${Head}>
    <${Told} told=${told}>${(shown) => html`
      ${shown.state === "reading" && html`<section class="card" data-reading><p>${say("state-reading")}</p><${Bar} part=${brief?.progress ?? shown.progress} /></section>`}
      <div class="beside inspected"><div><${Checks} inspection=${shown} /></div><div><${Looks} inspection=${shown} onDone=${told.again} /></div></div>`}</${Told}>`;
}

function Close({ inspection, onDone }) {
  const [closing, close] = useStoring();
  const go = () => close(async () => (await send(at("inspections", inspection.inspection, "close")), onDone()));
  return html`<${Trouble} storing=${closing} /><${Act} name="close-inspection" needs="record" room=${inspection.room} held onAct=${go} under=${closing.under}>${say("holdToClose")}</${Act}>`;
}

/** What the devices told: the items that are not good first, the rest behind a tap. */
function Checks({ inspection }) {
  const odd = inspection.checks.filter(({ result }) => result !== "good");
  const [which, setWhich] = useState("odd");
  const shown = which === "odd" ? odd : inspection.checks;
  const ordered = RESULTS.flatMap((result) => shown.filter((check) => check.result === result));
  return html`<section class="card" data-checks=${inspection.checks.length}>
    <div class="card-head"><h2>${say("whatDevicesTold")}</h2><span class="soft">${countsOf(inspection)}</span></div>
    <${Segments} name="checks" label=${say("whatDevicesTold")} value=${which} onChoose=${setWhich}
      options=${[["odd", `${say("notGood")} ${odd.length}`], ["all", `${say("all")} ${inspection.checks.length}`]]} />
    ${!ordered.length && inspection.state !== "reading" && html`<p class="all-good"><${Icon} name="confirmed" size=${18} /> ${say("allGood")}</p>`}
    <ul class="checks">${ordered.map((check) => html`<${CheckRow} key=${`${check.device} ${check.item}`} room=${inspection.room} check=${check} />`)}</ul></section>`;
}

const CheckRow = ({ room, check }) => html`<li data-check=${check.item} data-result=${check.result} class=${`is-${STATES[check.result]}`}>
  <${Icon} name=${STATES[check.result]} size=${16} />
  <span><b>${deviceTitle(room, check.device)}</b> ${check.text[language.value]}</span>
  ${check.incident && html`<a class="linked" href=${pathTo("office", "incidents", String(check.incident))}>${say("incident")} ${check.incident}</a>`}</li>`;

function Looks({ inspection, onDone }) {
  const left = inspection.looks.filter(({ result }) => !result).length;
  return html`<section class="card" data-looks=${inspection.looks.length} data-left=${left}>
    <div class="card-head"><h2>${say("whatPeopleSee")}</h2><span class="soft">${left ? `${left} ${say("toLookAt")}` : say("allAnswered")}</span></div>
    ${inspection.looks.map((look) => html`<${Look} key=${look.look} inspection=${inspection} look=${look} onDone=${onDone} />`)}</section>`;
}
