/** Entering something that nothing is connected to. */

import { useState } from "preact/hooks";

import { html } from "../dom.js";
import { goTo } from "../place.js";
import { Sheet } from "../sheet.js";
import { Trouble, useStoring } from "../storing.js";
import { at, send } from "./api.js";
import { say } from "./ledger_terms.js";
import { Act, Field, Pick, roomOptions } from "./parts.js";

export function AddItem({ onClose }) {
  const [body, setBody] = useState({ room: "", name: "", zh: "", en: "", maker: "", model: "", serial: "", asset: "" });
  const [adding, add] = useStoring();
  const change = (word) => (value) => setBody({ ...body, [word]: value });
  const { room, zh, en } = body;
  const name = body.name.trim() || en.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const facts = Object.fromEntries(["maker", "model", "serial", "asset"].map((key) => [key, body[key].trim()]).filter(([, value]) => value));
  const go = () =>
    add(async () => {
      const title = { zh: zh.trim() || en.trim(), en: en.trim() || zh.trim() };
      const { item } = await send(at("ledger"), { room: room || null, name, title, facts });
      goTo("office", "ledger", item);
    });
  const field = (word, label, more) => html`<${Field} name=${`new-${word}`} label=${say(label)} value=${body[word]} onInput=${change(word)} maxlength="64" ...${more} />`;
  return html`<${Sheet} name="add-item" title=${say("addOne")} onClose=${onClose}>
    <p class="arm-means">${say("addMeans")}</p>
    <div class="form sheet-form">${field("zh", "titleZh")}${field("en", "titleEn")}${field("name", "itemName", { placeholder: name })}
      <${Pick} name="new-room" label=${say("room")} value=${room} onChoose=${change("room")} options=${[["", say("noRoom")], ...roomOptions()]} />
      ${field("maker", "fact-maker")}${field("model", "fact-model")}${field("serial", "fact-serial")}${field("asset", "fact-asset")}</div>
    <${Trouble} storing=${adding} />
    <${Act} name="add-item" kind="main" onAct=${go} under=${adding.under} disabled=${!name || !(zh.trim() || en.trim())}>${say("addOne")}</${Act}>
  </${Sheet}>`;
}
