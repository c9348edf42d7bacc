/** The page before the rooms: logging in, making the first person, changing a first password. */

import { useState } from "preact/hooks";

import { changePassword, comeIn, logIn, logOut, session, setUp } from "./access.js";
import { say } from "./access_terms.js";
import { html } from "./dom.js";
import { Icon } from "./icons.js";
import { Trouble, useStoring } from "./storing.js";

export function Front() {
  const told = session.value;
  if (!told) return html`<main class="blank"><span class="turning"></span></main>`;
  const Form = told.set_up ? SetUp : told.must_change ? FirstPassword : LogIn;
  return html`<main class="front" data-front=${told.set_up ? "set-up" : told.must_change ? "password" : "login"}><${Form} /></main>`;
}

/** @param {{title: string, means?: string, fields: [string, string, object?][], act: string, onSend: (values: object) => Promise<void>}} properties */
export function Form({ title, means, fields, act, onSend, check, children }) {
  const [values, setValues] = useState({});
  const [sending, send] = useStoring();
  const wrong = check?.(values);
  const ready = fields.every(([name, , more]) => more?.optional || values[name]) && !wrong;
  const go = (event) => {
    event.preventDefault();
    if (ready) send(() => onSend(values));
  };
  return html`<form class="access-form" onSubmit=${go} data-form=${act}>
    ${title && html`<h1>${title}</h1>`}${means && html`<p>${means}</p>`}
    ${fields.map(
      ([name, words, { optional, ...more } = {}]) => html`<label key=${name} class="store-field"><span>${words}</span>
        <input name=${name} data-field=${name} type="text" autocapitalize="none" autocorrect="off" spellcheck="false"
          value=${values[name] ?? ""} ...${more} onInput=${(event) => setValues({ ...values, [name]: event.currentTarget.value })} /></label>`,
    )}
    ${wrong && html`<p class="store-note is-unknown" data-note="wrong"><span>${wrong}</span></p>`}
    <${Trouble} storing=${sending} />
    <button class="take" type="submit" data-action=${act} disabled=${!ready || sending.under}><${Icon}
      name=${sending.under ? "running" : "people"} size=${22} /><b>${say(act)}</b></button>
    ${children}
  </form>`;
}

const SECRET = { type: "password", maxlength: 128 };
const NEW = { ...SECRET, autocomplete: "new-password" };

function LogIn() {
  const [codeNeeded, setCodeNeeded] = useState(false);
  const go = async ({ name, password, code = "" }) => {
    try {
      await logIn(name, password, code);
      comeIn();
    } catch (error) {
      if (error.code === "code-needed") setCodeNeeded(true);
      throw error;
    }
  };
  const fields = [
    ["name", say("userName"), { autocomplete: "username", maxlength: 64 }],
    ["password", say("password"), { ...SECRET, autocomplete: "current-password" }],
  ];
  if (codeNeeded) fields.push(["code", say("code"), { inputmode: "numeric", maxlength: 8, autocomplete: "one-time-code" }]);
  return html`<${Form} title=${say("logIn")} means=${say("logInMeans")} fields=${fields} act="logIn" onSend=${go} />`;
}

const same = ({ next, again }) => again && next !== again && say("notTheSame");

function SetUp() {
  const go = async ({ code, name, title = "", next }) => {
    await setUp({ code, name, title, password: next });
    comeIn();
  };
  const fields = [
    ["code", say("setUpCode"), { maxlength: 32 }],
    ["name", say("userName"), { autocomplete: "username", maxlength: 64 }],
    ["title", say("fullName"), { maxlength: 64, optional: true }],
    ["next", say("newPassword"), NEW],
    ["again", say("again"), NEW],
  ];
  return html`<${Form} title=${say("setUp")} means=${say("setUpMeans")} fields=${fields} check=${same} act="makeFirst"
    onSend=${go}><p>${say("rules")}</p></${Form}>`;
}

function FirstPassword() {
  const go = async ({ old, next }) => {
    await changePassword(old, next);
    comeIn();
  };
  return html`<${Form} title=${say("changePassword")} means=${say("mustChange")} fields=${passwordFields()} check=${same}
    act="changePassword" onSend=${go}><p>${say("rules")}</p>
    <button type="button" class="link-button" data-action="log-out" onClick=${logOut}>${say("logOut")}</button></${Form}>`;
}

const passwordFields = () => [
  ["old", say("oldPassword"), { ...SECRET, autocomplete: "current-password" }],
  ["next", say("newPassword"), NEW],
  ["again", say("again"), NEW],
];

/** The same for who wants another one. */
export const NewPassword = ({ onDone }) =>
  html`<${Form} fields=${passwordFields()} check=${same} act="changePassword"
    onSend=${({ old, next }) => changePassword(old, next).then(onDone)}><p>${say("rules")}</p></${Form}>`;

/** For who is at a bound panel, where the rooms are shown without. */
export const LogInHere = () => html`<${LogIn} />`;
