/** One thing that a person looks at: good, watch or fault by a tap, a remark, photos from the tablet's camera. */

import { useState } from "preact/hooks";

import { may } from "../access.js";
import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { pathTo } from "../place.js";
import { press } from "../press.js";
import { lost } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { titleOf } from "../words.js";
import { at, send, upload } from "./api.js";
import { time } from "./dates.js";
import { say, STATES } from "./inspection_terms.js";
import { Field } from "./parts.js";

export function Look({ inspection, look, onDone }) {
  const [remark, setRemark] = useState(look.remark);
  const [open, setOpen] = useState(false); // the remark's field
  const [answering, answer] = useStoring();
  const of = (...more) => at("inspections", inspection.inspection, "looks", look.look, ...more);
  const judge = (result) =>
    answer(async () => {
      await send(of(), { result, remark: remark.trim() });
      onDone();
    });
  const mayRecord = may("record", inspection.room);
  return html`<div class="look" data-look=${look.look} data-result=${look.result ?? ""}>
    <div class="card-head"><b>${titleOf(look)}</b>${look.by && html`<span class="soft">${look.by} ${time(look.at)}</span>`}</div>
    <div class="judge" role="group" aria-label=${titleOf(look)}>${["good", "watch", "fault"].map(
      (result) => html`<button key=${result} type="button" class=${classes("verdict-button", `is-${STATES[result]}`, look.result === result && "is-on")}
        data-value=${result} aria-pressed=${look.result === result} disabled=${!mayRecord || answering.under || lost.value !== null}
        ...${press(() => judge(result))}><${Icon} name=${STATES[result]} size=${18} /><span>${say(`result-${result}`)}</span></button>`,
    )}</div>
    <div class="look-more">
      ${mayRecord && html`<button type="button" class="act is-quiet" data-action="remark" aria-expanded=${open} ...${press(() => setOpen(!open))}><${Icon} name="edit" size=${17} /><span>${say("remark")}</span></button>
        <${AddPhoto} path=${of("photo")} asked=${look.photo && !look.photos.length} onDone=${onDone} />`}
      ${look.incident && html`<a class="linked" href=${pathTo("office", "incidents", String(look.incident))}>${say("incident")} ${look.incident}</a>`}</div>
    ${open && html`<${Field} name="remark" label=${say("remarkMeans")} value=${remark} onInput=${setRemark} long maxlength="2000" />`}
    ${!open && look.remark && html`<p class="soft">${look.remark}</p>`}
    <${Trouble} storing=${answering} />
    ${look.photos.length > 0 && html`<div class="photos">${look.photos.map(
      (photo) => html`<a key=${photo} href=${at("inspections", inspection.inspection, "photos", photo)} target="_blank" rel="noopener" aria-label=${say("photo")}>
        <img src=${at("inspections", inspection.inspection, "photos", photo)} alt=${titleOf(look)} loading="lazy" /></a>`,
    )}</div>`}</div>`;
}

/** The tablet's own camera, or a file where there is none. */
function AddPhoto({ path, asked, onDone }) {
  const [sending, sendIt] = useStoring();
  const choose = (event) => {
    const [file] = event.currentTarget.files;
    event.currentTarget.value = "";
    if (file) sendIt(async () => (await upload(path, file), onDone()));
  };
  return html`<label class=${classes("act file", asked ? "is-asked" : "is-quiet")}><${Icon} name=${sending.under ? "running" : "photo"} size=${18} /><span>${say(asked ? "photoAsked" : "photo")}</span>
      <input type="file" class="sr" data-field="photo" accept="image/jpeg,image/png,image/webp" capture="environment" aria-label=${say("photo")}
        disabled=${sending.under} onChange=${choose} /></label>
    <${Trouble} storing=${sending} />`;
}
