/** Everybody who may log in; adding somebody; changing their roles. */

import { useEffect, useState } from "preact/hooks";

import { notify } from "../commands.js";
import { html } from "../dom.js";
import { press } from "../press.js";
import { Trouble, useStoring } from "../storing.js";
import { at, put, read, send } from "./api.js";
import { Act, Field, Tag } from "./parts.js";
import { Grants, grantWords } from "./people_roles.js";
import { say } from "./people_terms.js";

export function People() {
  const [people, setPeople] = useState([]);
  const [chosen, setChosen] = useState(null);
  const [reading, reads] = useStoring();
  const load = () => reads(async () => setPeople((await read(at("people"))).people));
  useEffect(load, []);
  const done = () => {
    setChosen(null);
    notify("confirmed", say("done"));
    load();
  };
  return html`<div class="people" data-people>
    <${Trouble} storing=${reading} />
    ${people.map(
      (each) => html`<article key=${each.name} class="person" data-person=${each.name} data-active=${each.active}>
        <button type="button" class="person-head" data-action="open-person" aria-expanded=${chosen === each.name}
          ...${press(() => setChosen(chosen === each.name ? null : each.name))}>
          <b>${each.title}</b><span class="aside">${each.name}</span>
          <span class="person-roles">${each.grants.map(grantWords).join("、") || say("noRoles")}</span>
          ${!each.active && html`<${Tag} state="failed">${say("disabled")}</${Tag}>`}
          ${each.must_change && html`<${Tag} state="unknown">${say("mustChange")}</${Tag}>`}
          ${each.has_pin && html`<${Tag} state="ready" icon="confirmed">${say("hasPin")}</${Tag}>`}
          ${each.has_factor && html`<${Tag} state="confirmed">${say("hasFactor")}</${Tag}>`}
        </button>
        ${chosen === each.name && html`<${Edit} person=${each} onDone=${done} />`}
      </article>`,
    )}
    ${chosen === "" ? html`<${Add} onDone=${done} />` : html`<${Act} name="add-person" icon="plus" kind="main"
      onAct=${() => setChosen("")}>${say("addPerson")}</${Act}>`}
  </div>`;
}

function Edit({ person, onDone }) {
  const [title, setTitle] = useState(person.title);
  const [grants, setGrants] = useState(person.grants);
  const [password, setPassword] = useState("");
  const [changing, change] = useStoring();
  const where = (...parts) => at("people", person.name, ...parts);
  const save = (active) => change(async () => onDone(await put(where(), { title, grants, active })));
  const act = (path, body) => change(async () => onDone(await send(where(...path), body)));
  return html`<div class="person-edit">
    <${Field} name="title" label=${say("fullName")} value=${title} onInput=${setTitle} maxlength="64" />
    <${Grants} grants=${grants} onChange=${setGrants} />
    <${Trouble} storing=${changing} />
    <div class="person-acts">
      <${Act} name="save" kind="main" icon="confirmed" under=${changing.under} onAct=${() => save(person.active)}>${say("save")}</${Act}>
      <${Act} name="log-out" onAct=${() => act(["log-out"])}>${say("logOut")} (${person.logins})</${Act}>
      ${person.has_factor && html`<${Act} name="drop-factor" onAct=${() => act(["factor", "drop"])}>${say("dropFactor")}</${Act}>`}
      ${person.active
        ? html`<${Act} key="disable" name="disable" kind="grave" held onAct=${() => save(false)}>${say("disable")}</${Act}>`
        : html`<${Act} key="enable" name="enable" onAct=${() => save(true)}>${say("enable")}</${Act}>`}
    </div>
    <div class="person-acts"><${Field} name="password" type="password" label=${say("newPassword")} value=${password}
        onInput=${setPassword} maxlength="128" autocomplete="new-password" />
      <${Act} name="set-password" disabled=${!password} onAct=${() => act(["password"], { password })}>${say("setPassword")}</${Act}></div>
  </div>`;
}

function Add({ onDone }) {
  const [told, setTold] = useState({ name: "", title: "", password: "", grants: [] });
  const [adding, add] = useStoring();
  const set = (which) => (value) => setTold({ ...told, [which]: value });
  const go = () => add(async () => onDone(await send(at("people"), told)));
  return html`<div class="person person-edit" data-form="add-person">
    <${Field} name="name" label=${say("userName")} value=${told.name} onInput=${set("name")} maxlength="64" autocapitalize="none" />
    <${Field} name="title" label=${say("fullName")} value=${told.title} onInput=${set("title")} maxlength="64" />
    <${Field} name="password" type="password" label=${say("firstPassword")} value=${told.password} onInput=${set("password")}
      maxlength="128" autocomplete="new-password" />
    <${Grants} grants=${told.grants} onChange=${set("grants")} />
    <${Trouble} storing=${adding} />
    <div class="person-acts"><${Act} name="add" kind="main" icon="plus" under=${adding.under}
      disabled=${!told.name || !told.password} onAct=${go}>${say("add")}</${Act}></div>
  </div>`;
}
