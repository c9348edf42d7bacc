/** One report: its figures down to the journal's lines, the text around them, and its way to the approval. */

import { useEffect, useState } from "preact/hooks";

import { html } from "../dom.js";
import { listen } from "../state.js";
import { Trouble, useStoring } from "../storing.js";
import { titleOf } from "../words.js";
import { at, query, read, send } from "./api.js";
import { moment } from "./dates.js";
import { Act, Bar, Facts, Field, Head, Tag } from "./parts.js";
import { Downloads, Paper } from "./report_paper.js";
import { Lines } from "./report_lines.js";
import { periodTitle, say, STATES } from "./report_terms.js";
import { WrittenText } from "./report_text.js";
import { Told, useTold } from "./told.js";

const MAKING = 120_000; // ms; six files are made when it is submitted or approved

/** 0 to 1 while its files are made, as the socket tells it; null when they are not. */
function useProgress(number) {
  const [progress, setProgress] = useState(null);
  useEffect(
    () => listen((message) => message.type === "report" && String(message.report) === number && setProgress(message.progress)),
    [number],
  );
  return progress;
}

export function OneReport({ number }) {
  const told = useTold(() => read(at("reports", number)), [number], { kinds: ["report"] });
  const progress = useProgress(number);
  const [traced, trace] = useState(null); // the figure or cell whose lines are looked at
  const it = told.value;
  const under = it && [periodTitle(it.period), it.room_title ? titleOf({ title: it.room_title }) : say("wholeSite"), it.number].join(" · ");
  return html`<${Head} title=${it ? titleOf(it) : say("report")} back=${["reports"]} under=${under}>
      ${it && html`<${Tag} state=${STATES[it.state]} data-report-state=${it.state}>${say(`state-${it.state}`)}</${Tag}>`}</${Head}>
    <${Told} told=${told}>${(report) => html`
      ${progress !== null && html`<section class="card" data-making><p>${say("makingFiles")}</p><${Bar} part=${progress} /></section>`}
      <${Review} key=${report.state} report=${report} onDone=${told.again} />
      <${Downloads} path=${at("reports", number, "file")} />
      <${Written} report=${report} name="summary" onDone=${told.again} />
      <${Paper} document=${report.document} onTrace=${trace}
        written=${(section) => report.texts_of.includes(section) && html`<${Written} report=${report} name=${section} onDone=${told.again} />`} />
      <${Written} report=${report} name="remarks" onDone=${told.again} />
      <${History} report=${report} />
      ${traced && html`<${Lines} title=${traced.title} load=${(offset) => read(query(at("reports", number, "entries"), { ...traced.asked, offset }))} onClose=${() => trace(null)} />`}`}</${Told}>`;
}

const Written = ({ report, name, onDone }) =>
  html`<${WrittenText} key=${name} report=${report.report} name=${name} text=${report.texts[name]}
    editable=${report.state === "draft" || report.state === "returned"} onDone=${onDone} />`;

/** What is to be done with it as it stands, and by whom. */
function Review({ report, onDone }) {
  const [remarks, setRemarks] = useState("");
  const [doing, act] = useStoring();
  const post = (verb, said) =>
    act(async () => {
      await send(at("reports", report.report, verb), said, { signal: AbortSignal.timeout(MAKING) });
      onDone();
    });
  const trouble = html`<${Trouble} storing=${doing} />`;
  switch (report.state) {
    case "submitted":
      return html`<section class="card" data-next="review"><${Facts} facts=${[[say("submittedBy"), report.submitted_by], [say("submitted"), moment(report.submitted)]]} />
        <p class="soft">${say("reviewMeans")}</p>
        <${Field} name="review-remarks" label=${say("reviewRemarks")} value=${remarks} onInput=${setRemarks} long maxlength="4000" />${trouble}
        <div class="form-end"><${Act} name="return-report" needs="review" onAct=${() => post("return", { remarks })} under=${doing.under} disabled=${!remarks.trim()}>${say("giveBack")}</${Act}>
          <${Act} name="approve-report" needs="review" kind="main" held onAct=${() => post("approve", { remarks })} under=${doing.under}>${say("holdToApprove")}</${Act}></div></section>`;
    case "approved":
      return html`<section class="card is-confirmed" data-next="none"><${Facts} facts=${[
        [say("approvedBy"), report.reviewed_by],
        [say("approved"), moment(report.reviewed)],
        [say("reviewRemarks"), report.remarks],
      ]} /><p class="digest"><span class="soft">SHA-256</span> ${report.digest}</p>${trouble}<${Check} report=${report} /></section>`;
    default:
      return html`<section class=${`card${report.state === "returned" ? " asked" : ""}`} data-next="submit">
        ${report.state === "returned" && html`<p data-returned><b>${report.reviewed_by}</b> ${report.remarks}</p>`}
        <div class="card-head"><p class="soft submit-means">${say("submitMeans")}</p>
        <${Act} name="submit-report" needs="draft" kind="main" held onAct=${() => post("submit")} under=${doing.under}>${say("holdToSubmit")}</${Act}></div>${trouble}</section>`;
  }
}

/** Counting all of it again, against what was frozen. */
function Check({ report }) {
  const [found, setFound] = useState(null);
  const [checking, check] = useStoring();
  const go = () => check(async () => setFound(await read(at("reports", report.report, "check"))));
  return html`<${Trouble} storing=${checking} /><div class="card-head"><${Act} name="check-report" icon="check" onAct=${go} under=${checking.under}>${say("checkIt")}</${Act}>
    ${found && html`<${Tag} state=${found.same ? "confirmed" : "failed"} data-same=${found.same}>${say(found.same ? "same" : "notSame")}</${Tag}>`}</div>
    ${found?.differences.map((words) => html`<p key=${words} class="soft">${words}</p>`)}`;
}

const History = ({ report }) => html`<section class="card"><h2>${say("history")}</h2><ol class="report-history">${report.history.map(
  ({ seq, event, at: when, by, remarks }) => html`<li key=${seq} data-event=${event}><time>${moment(when)}</time>
    <span><b>${say(`event-${event}`)}</b> <span class="soft">${by}</span>${remarks && html`<p>${remarks}</p>`}</span><span class="seq">#${seq}</span></li>`,
)}</ol></section>`;

