/** The daily register: what was received and handled, day by day. */

import { useState } from "preact/hooks";

import { html } from "../dom.js";
import { pathTo } from "../place.js";
import { at, query, read } from "./api.js";
import { dayAfter, dayTitle, today } from "./dates.js";
import { say } from "./incident_terms.js";
import { Ways } from "./incidents.js";
import { Field, Head } from "./parts.js";
import { Told, useTold } from "./told.js";

export function Register() {
  const [since, setSince] = useState(dayAfter(today(), -6));
  const [until, setUntil] = useState(today());
  const told = useTold(() => read(query(at("incidents", "register"), { since, until })), [since, until], {
    kinds: ["incident-log"],
    types: ["incident"],
  });
  return html`<${Head} title=${say("register")} under=${say("registerMeans")}><${Ways} value="register" /></${Head}>
    <div class="filters"><${Field} name="since" label=${say("from")} value=${since} onInput=${setSince} type="date" max=${until} />
      <${Field} name="until" label=${say("to")} value=${until} onInput=${setUntil} type="date" min=${since} /></div>
    <${Told} told=${told}>${({ days }) => html`<div class="table register" role="table">
      <div class="table-head" role="row">${["day", "received", "repairedThen", "closedThen", "leftOpen"].map(
        (word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`,
      )}</div>
      ${days.toReversed().map(
        (day) => html`<div class="table-row" role="row" key=${day.date} data-day=${day.date}>
          <span role="cell">${dayTitle(day.date)}</span><${Numbers} of=${day.received} /><${Numbers} of=${day.repaired} /><${Numbers} of=${day.closed} />
          <span role="cell" data-left=${day.left_open}>${day.left_open || "–"}</span></div>`,
      )}</div>`}</${Told}>`;
}

const Numbers = ({ of }) =>
  html`<span role="cell" class="numbers">${
    of.length ? of.map((number) => html`<a class="linked" key=${number} href=${pathTo("office", "incidents", String(number))}>${number}</a>`) : "–"
  }</span>`;
