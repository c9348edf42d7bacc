/** The ledger: every device in a table that can be searched, its workbook out and in. */

import { useEffect, useState } from "preact/hooks";

import { may } from "../access.js";
import { html } from "../dom.js";
import { Icon } from "../icons.js";
import { goTo, pathTo } from "../place.js";
import { Trouble, useStoring } from "../storing.js";
import { language, titleOf } from "../words.js";
import { at, query, read, upload } from "./api.js";
import { AddItem } from "./ledger_add.js";
import { OneImport } from "./ledger_import.js";
import { OneItem } from "./ledger_item.js";
import { say, STANDINGS, STATES, XLSX } from "./ledger_terms.js";
import { Act, Empty, Head, Pick, roomOptions, roomTitle, Tag } from "./parts.js";
import { Told, useTold } from "./told.js";

/** "Huawei Box 300": a model that begins with its maker's name says it already. */
function makerAndModel({ maker = "", model = "" }) {
  const has = maker && model.toLowerCase().startsWith(maker.toLowerCase());
  return (has ? [model] : [maker, model]).filter(Boolean).join(" ");
}

const PAGE = 100;
const TYPED = 300; // ms after the last letter until it is searched for

export function Page({ path: [what, draft] }) {
  if (what === "import") return html`<${OneImport} key=${draft} draft=${draft} />`;
  return what ? html`<${OneItem} key=${what} item=${what} />` : html`<${All} />`;
}

function All() {
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState({ q: "", room: "", standing: "", doubtful: "" });
  const [limit, setLimit] = useState(PAGE);
  const [adding, setAdding] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => words !== asked.q && setAsked({ ...asked, q: words }), TYPED);
    return () => clearTimeout(timer);
  }, [words]);
  const told = useTold(() => read(query(at("ledger"), { ...asked, limit })), [asked, limit], { kinds: ["ledger", "learnt"] });
  const change = (word) => (value) => setAsked({ ...asked, [word]: value });
  return html`<${Head} title=${say("page-ledger")} under=${told.value && `${told.value.total} ${say("items")}`}>
      <a class="act" data-action="export" download href=${query(at("ledger", "export.xlsx"), { language: language.value })}><${Icon} name="download"
        size=${18} /><span>${say("export")}</span></a><${Import} />
      <${Act} name="new-item" icon="plus" needs="configure" onAct=${() => setAdding(true)}>${say("addOne")}</${Act}></${Head}>
    <div class="filters"><label class="field find"><span>${say("find")}</span><input type="search" data-field="q" value=${words}
        placeholder=${say("findWhat")} onInput=${(event) => setWords(event.currentTarget.value)} /></label>
      <${Pick} name="room" label=${say("room")} value=${asked.room} onChoose=${change("room")} options=${[["", say("allRooms")], ...roomOptions()]} />
      <${Pick} name="standing" label=${say("standing")} value=${asked.standing} onChoose=${change("standing")}
        options=${[["", say("any")], ...STANDINGS.map((each) => [each, say(`standing-${each}`)])]} />
      <label class="tick"><input type="checkbox" data-field="doubtful" checked=${Boolean(asked.doubtful)}
        onChange=${(event) => change("doubtful")(event.currentTarget.checked ? "true" : "")} /><span>${say("onlyDoubtful")}</span></label></div>
    <${Told} told=${told}>${({ items, total }) =>
      items.length
        ? html`<${Rows} items=${items} />${total > items.length && html`<${Act} name="more" kind="quiet" onAct=${() => setLimit(Math.min(500, limit + PAGE))}>${say("moreItems")}</${Act}>`}`
        : html`<${Empty} icon="ledger">${say("nothingFound")}</${Empty}>`}</${Told}>
    ${adding && html`<${AddItem} onClose=${() => setAdding(false)} />`}`;
}

function Rows({ items }) {
  return html`<div class="table items" role="table">
    <div class="table-head" role="row">${["device", "makerModel", "serial", "asset", "standing", "hoursInUse"].map(
      (word) => html`<span role="columnheader" key=${word} class=${word === "hoursInUse" ? "number" : ""}>${say(word)}</span>`,
    )}</div>
    ${items.map(
      (each) => html`<a class="table-row" role="row" key=${each.item} data-item=${each.item} href=${pathTo("office", "ledger", each.item)}>
        <span role="cell"><b>${titleOf(each)}</b><span class="soft item-room">${each.room ? roomTitle(each.room) : say("noRoom")}</span></span>
        <span role="cell">${makerAndModel(each.facts)}<span class="soft item-room">${each.facts.firmware}</span></span>
        <span role="cell" class="soft">${each.facts.serial}</span><span role="cell" class="soft">${each.facts.asset}</span>
        <span role="cell" class="found">${
          each.doubt
            ? html`<${Tag} state="unknown">${say(`doubt-${each.doubt.kind}`)}</${Tag}>`
            : html`<${Tag} state=${STATES[each.standing]}>${say(`standing-${each.standing}`)}</${Tag}>`
        }</span>
        <span role="cell" class="number">${each.figures ? each.figures.hours_in_use.toFixed(1) : "–"}</span></a>`,
    )}</div>`;
}

/** Choosing a workbook: nothing of it is taken before its differences were seen. */
function Import() {
  const [reading, draftIt] = useStoring();
  if (!may("configure")) return null;
  const choose = (event) => {
    const [file] = event.currentTarget.files;
    event.currentTarget.value = "";
    if (file) draftIt(async () => goTo("office", "ledger", "import", (await upload(at("ledger", "imports"), file, XLSX)).draft));
  };
  return html`<label class="act file"><${Icon} name=${reading.under ? "running" : "upload"} size=${18} /><span>${say("import")}</span>
      <input type="file" class="sr" data-field="workbook" accept=${`.xlsx,${XLSX}`} aria-label=${say("import")} onChange=${choose} /></label>
    <${Trouble} storing=${reading} />`;
}
