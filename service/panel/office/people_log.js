/** Who did what, and who was refused. */

import { useEffect, useState } from "preact/hooks";

import { html } from "../dom.js";
import { Trouble, useStoring } from "../storing.js";
import { at, query, read } from "./api.js";
import { Act, Tag } from "./parts.js";
import { say } from "./people_terms.js";

const STATE = { done: "confirmed", refused: "unknown", failed: "failed" };

export function AccessLog() {
  const [entries, setEntries] = useState([]);
  const [chain, setChain] = useState(null);
  const [reading, reads] = useStoring();
  useEffect(() => {
    reads(async () => setEntries((await read(query(at("access"), { limit: 200 }))).entries.reverse()));
  }, []);
  const check = () => reads(async () => setChain(await read(at("access", "chain"))));
  return html`<div class="people">
    <${Trouble} storing=${reading} />
    <div class="person-acts"><${Act} name="check-chain" icon="shield" under=${reading.under} onAct=${check}>${say("checkChain")}</${Act}>
      ${chain && html`<${Tag} state=${chain.good ? "confirmed" : "failed"} data-chain=${chain.good}>${
        chain.good ? `${say("chainGood")} (${chain.entries})` : `${say("chainBad")}: ${chain.reason}`
      }</${Tag}>`}</div>
    <table class="access-log"><thead><tr>${["at", "who", "from", "what", "result"].map((word) => html`<th>${say(word)}</th>`)}</tr></thead>
      <tbody>${entries.map((entry) => html`<${Line} key=${entry.seq} entry=${entry} />`)}</tbody></table>
  </div>`;
}

function Line({ entry: { seq, at: when, by, room, kind, data } }) {
  const what = kind === "people" ? `${data.event} ${data.name}` : [data.operation || data.path, room].filter(Boolean).join(" · ");
  const result = data.result ?? "done";
  return html`<tr data-seq=${seq} data-result=${result}><td>${new Date(when).toLocaleString(document.documentElement.lang)}</td>
    <td>${by ?? data.tried ?? "–"}</td><td>${[data.address, data.panel].filter(Boolean).join(" · ")}</td><td>${what}</td>
    <td><${Tag} state=${STATE[result]}>${say(`result-${result}`)}${data.why ? ` · ${data.why}` : ""}${data.more ? ` · +${data.more}` : ""}</${Tag}></td></tr>`;
}
