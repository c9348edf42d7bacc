/** What a workbook says other than the ledger, shown before it is taken. */

import { notify } from "../commands.js";
import { html } from "../dom.js";
import { goTo } from "../place.js";
import { Trouble, useStoring } from "../storing.js";
import { language, titleOf } from "../words.js";
import { at, read, send } from "./api.js";
import { say } from "./ledger_terms.js";
import { Act, Empty, Head, roomTitle } from "./parts.js";
import { Told, useTold } from "./told.js";

export function OneImport({ draft }) {
  const told = useTold(() => read(at("ledger", "imports", draft)), [draft], { kinds: ["ledger"] });
  return html`<${Head} title=${say("import")} under=${told.value && `${told.value.rows} ${say("rows")}`} back=${["ledger"]}>
      ${told.value && html`<${Take} draft=${told.value} />`}</${Head}>
    <${Told} told=${told}>${(shown) => html`<${Problems} problems=${shown.problems} />
      ${!shown.changes.length && !shown.additions.length && html`<${Empty} icon="confirmed">${say("noDifferences")}</${Empty}>`}
      <${Changes} changes=${shown.changes} /><${Additions} additions=${shown.additions} />`}</${Told}>`;
}

function Take({ draft }) {
  const [taking, take] = useStoring();
  const number = draft.changes.length + draft.additions.length;
  const go = () =>
    take(async () => {
      await send(at("ledger", "imports", draft.draft, "take"), { mark: draft.mark });
      notify("confirmed", `${say("taken")}: ${number}`);
      goTo("office", "ledger");
    });
  return html`<${Trouble} storing=${taking} /><${Act} name="take-import" needs="configure" kind="main" held onAct=${go} under=${taking.under}
    disabled=${!number}>${say("holdToTake")} ${number}</${Act}>`;
}

function Problems({ problems }) {
  if (!problems.length) return null;
  return html`<section class="card is-unknown import-problems" data-problems=${problems.length}><h2>${say("notTaken")}</h2>${problems.map(
    ({ row, text }) => html`<p key=${`${row} ${text.en}`}><span class="soft">${say("row")} ${row}</span> ${text[language.value]}</p>`,
  )}</section>`;
}

function Changes({ changes }) {
  if (!changes.length) return null;
  return html`<section class="table changes" role="table" data-changes=${changes.length}>
    <div class="table-head" role="row">${["device", "fact", "before", "afterwards"].map((word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`)}</div>
    ${changes.map(
      (each) => html`<div class="table-row" role="row" key=${`${each.item} ${each.key}`} data-change=${`${each.item} ${each.key}`}>
        <b role="cell">${titleOf(each)}</b><span role="cell" class="soft">${say(`fact-${each.key}`)}</span>
        <s role="cell" class="soft">${each.before || "–"}</s><span role="cell">${each.after || say("takenOff")}</span></div>`,
    )}</section>`;
}

function Additions({ additions }) {
  if (!additions.length) return null;
  return html`<section class="table additions" role="table" data-additions=${additions.length}>
    <div class="table-head" role="row">${["newOne", "room", "facts"].map((word) => html`<span role="columnheader" key=${word}>${say(word)}</span>`)}</div>
    ${additions.map(
      (each) => html`<div class="table-row" role="row" key=${each.row}><b role="cell">${each.name}</b>
        <span role="cell">${each.room ? roomTitle(each.room) : say("noRoom")}</span>
        <span role="cell" class="soft">${Object.entries(each.facts).map(([key, value]) => `${say(`fact-${key}`)} ${value}`).join(" · ")}</span></div>`,
    )}</section>`;
}
