/** In the top bar: who is logged in; and the sheet with what is theirs: password, PIN, second factor, logging out. */

import { useState } from "preact/hooks";

import {
  beginFactor, confirmFactor, dropFactor, logOut, logOutEverywhere, refresh, session, setPin,
} from "./access.js";
import { say } from "./access_terms.js";
import { notify } from "./commands.js";
import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { Form, LogInHere, NewPassword } from "./login.js";
import { closeSheet, openSheet, Sheet } from "./sheet.js";
import { clockTime } from "./words.js";

export function AccountButton({ room }) {
  const told = session.value;
  if (!told || !room) return null;
  const name = told.kind === "open" ? say("open") : told.title || told.name;
  return html`<button class="account" data-action="open-account" data-kind=${told.kind} title=${say("account")}
    aria-label=${`${say("account")}: ${name}`} onClick=${() => openSheet("account", room)}><${Icon} name="people"
    size=${20} /><span>${name}</span></button>`;
}

export function AccountSheet() {
  const told = session.value;
  return html`<${Sheet} name="account" title=${say("account")}>
    <div class="account-body"><${Standing} told=${told} />
    ${told.kind === "panel" && html`<${LogInHere} />`}
    ${told.kind === "person" && html`<${Own} told=${told} />`}</div>
  </${Sheet}>`;
}

function Standing({ told }) {
  if (told.kind === "open") return html`<p class="arm-means">${say("openMeans")}</p>`;
  if (told.kind === "panel")
    return html`<p class="account-who"><b>${say("atPanel")} ${told.panel}</b></p><p class="arm-means">${say("panelMeans")}</p>`;
  return html`<p class="account-who"><b>${told.title || told.name}</b><span>${told.name}${
    told.panel ? ` · ${say("atPanel")} ${told.panel}` : ""
  }${told.until ? ` · ${say("until")} ${clockTime(new Date(told.until)).slice(0, 5)}` : ""}</span></p>`;
}

const PARTS = { changePassword: Password, setPin: Pin, factor: Factor };

function Own({ told }) {
  const [part, setPart] = useState(null);
  const Part = PARTS[part];
  const done = async () => {
    await refresh();
    closeSheet();
    notify("confirmed", `${say(part)} — ${say("done")}`);
  };
  if (Part)
    return html`<button class="link-button" data-action="back" onClick=${() => setPart(null)}>‹ ${say("back")}</button>
      <h3>${say(part)}</h3><${Part} told=${told} onDone=${done} />`;
  return html`<div class="account-acts">
    ${Object.keys(PARTS).map(
      (each) => html`<button key=${each} class="big-choice" data-action=${each} onClick=${() => setPart(each)}>${say(each)}${
        each === "factor" && told.has_factor ? ` · ${say("factorOn")}` : ""
      }</button>`,
    )}
    <button class="big-choice" data-action="log-out" onClick=${logOut}>${say("logOut")}</button>
    <button class="big-choice" data-action="log-out-everywhere" onClick=${logOutEverywhere}>${say("logOutEverywhere")}</button>
  </div>`;
}

function Password({ onDone }) {
  return html`<${NewPassword} onDone=${onDone} />`;
}

const secret = ["password", say("password"), { type: "password", maxlength: 128, autocomplete: "current-password" }];

function Pin({ onDone }) {
  const fields = [
    secret,
    ["pin", say("pin"), { type: "password", inputmode: "numeric", maxlength: 8, autocomplete: "off" }],
  ];
  return html`<${Form} means=${say("pinMeans")} fields=${fields} act="setPin"
    onSend=${({ password, pin }) => setPin(password, pin).then(onDone)} />`;
}

function Factor({ told, onDone }) {
  const [begun, setBegun] = useState(null);
  if (told.has_factor)
    return html`<${Form} key="off" fields=${[secret]} act="turnOff" onSend=${({ password }) => dropFactor(password).then(onDone)} />`;
  if (!begun)
    return html`<${Form} key="on" fields=${[secret]} act="turnOn"
      onSend=${async ({ password }) => setBegun(await beginFactor(password))} />`;
  return html`<p class="arm-means">${say("factorMeans")}</p><code class="factor-key" data-factor>${begun.secret}</code>
    <${Form} key="confirm" fields=${[["code", say("code"), { inputmode: "numeric", maxlength: 8 }]]} act="confirm"
      onSend=${({ code }) => confirmFactor(code).then(onDone)} />`;
}
