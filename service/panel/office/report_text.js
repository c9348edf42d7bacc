/** Text around the figures, in both languages: the figures themselves are counted and cannot be typed. */

import { useState } from "preact/hooks";

import { may } from "../access.js";
import { notify } from "../commands.js";
import { classes, html } from "../dom.js";
import { Trouble, useStoring } from "../storing.js";
import { language } from "../words.js";
import { at, put } from "./api.js";
import { Act, Field } from "./parts.js";
import { say } from "./report_terms.js";

const NONE = { zh: "", en: "" };

export function WrittenText({ report, name, text = NONE, editable, onDone }) {
  const [typed, setTyped] = useState(null);
  const [saving, save] = useStoring();
  const go = () =>
    save(async () => {
      await put(at("reports", report, "texts"), { texts: { [name]: typed } });
      setTyped(null);
      notify("confirmed", say("saved"));
      onDone();
    });
  const title = name === "summary" || name === "remarks" ? html`<h2>${say(`text-${name}`)}</h2>` : null;
  if (typed)
    return html`<section class="card written" data-text=${name}>${title}
      <div class="form"><${Field} name=${`${name}-zh`} label=${say("inChinese")} value=${typed.zh} onInput=${(zh) => setTyped({ ...typed, zh })} long maxlength="20000" />
        <${Field} name=${`${name}-en`} label=${say("inEnglish")} value=${typed.en} onInput=${(en) => setTyped({ ...typed, en })} long maxlength="20000" />
        <div class="form-end"><${Act} name="cancel-text" kind="quiet" onAct=${() => setTyped(null)}>${say("cancel")}</${Act}>
          <${Act} name="save-text" kind="main" onAct=${go} under=${saving.under}>${say("save")}</${Act}></div></div><${Trouble} storing=${saving} /></section>`;
  const words = text[language.value] || text.zh || text.en;
  const canWrite = editable && may("draft");
  if (!words && !canWrite) return null;
  return html`<section class=${classes(title && "card", "written", !words && "is-empty")} data-text=${name}>${title}
    <div class="card-head">${words ? html`<p class="written-words">${words}</p>` : html`<span class="soft written-words">${title ? say("nothingWritten") : ""}</span>`}
      ${canWrite && html`<${Act} name="edit-text" icon="edit" kind="quiet" onAct=${() => setTyped({ ...text })}>${say(words ? "edit" : "write")}</${Act}>`}</div></section>`;
}
