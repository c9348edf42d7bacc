/** Bound panels and machines' tokens. */

import { useEffect, useState } from "preact/hooks";

import { comeIn } from "../access.js";
import { html } from "../dom.js";
import { Trouble, useStoring } from "../storing.js";
import { at, read, send } from "./api.js";
import { Act, Empty, Field, Pick, roomOptions, roomTitle } from "./parts.js";
import { Grants, grantWords, ROLES } from "./people_roles.js";
import { say } from "./people_terms.js";

function useKeys(kind) {
  const [keys, setKeys] = useState(null);
  const [working, work] = useStoring();
  const load = async () => setKeys((await read(at(kind)))[kind]);
  useEffect(() => {
    work(load);
  }, []);
  const end = (name) =>
    work(async () => {
      await send(at(kind, name), undefined, { method: "DELETE" });
      await load();
    });
  return { keys, working, work, load, end };
}

export function Panels() {
  const { keys, working, work, end } = useKeys("panels");
  const [name, setName] = useState("");
  const [room, setRoom] = useState("");
  const bind = () =>
    work(async () => {
      await send(at("panels"), { name, rooms: room ? [room] : [], here: true });
      comeIn();
    });
  return html`<div class="people">
    <${Trouble} storing=${working} />
    ${keys?.length === 0 && html`<${Empty} icon="office">${say("noPanels")}</${Empty}>`}
    ${keys?.map(
      (each) => html`<article key=${each.name} class="person key-line" data-panel=${each.name}><b>${each.name}</b>
        <span>${each.rooms.map(roomTitle).join("、") || say("wholeSite")}</span>
        <${Act} name="unbind" kind="grave" held onAct=${() => end(each.name)}>${say("unbind")}</${Act}></article>`,
    )}
    <div class="person person-edit" data-form="bind-panel"><p class="aside">${say("bindMeans")}</p>
      <div class="person-acts"><${Field} name="name" label=${say("panelName")} value=${name} onInput=${setName} maxlength="64" />
        <${Pick} name="room" label=${say("where")} value=${room} onChoose=${setRoom} options=${[["", say("wholeSite")], ...roomOptions()]} />
        <${Act} name="bind" kind="main" icon="confirmed" disabled=${!name} under=${working.under} onAct=${bind}>${say("bindHere")}</${Act}></div>
    </div></div>`;
}

export function Tokens() {
  const { keys, working, work, load, end } = useKeys("tokens");
  const [name, setName] = useState("");
  const [grants, setGrants] = useState([]);
  const [token, setToken] = useState("");
  const add = () =>
    work(async () => {
      setToken((await send(at("tokens"), { name, grants })).token);
      setName("");
      setGrants([]);
      await load();
    });
  return html`<div class="people">
    <${Trouble} storing=${working} />
    ${keys?.length === 0 && html`<${Empty} icon="office">${say("noTokens")}</${Empty}>`}
    ${keys?.map(
      (each) => html`<article key=${each.name} class="person key-line" data-token=${each.name}><b>${each.name}</b>
        <span>${each.grants.map(grantWords).join("、")}</span>
        <${Act} name="revoke" kind="grave" held onAct=${() => end(each.name)}>${say("revoke")}</${Act}></article>`,
    )}
    ${token && html`<div class="person person-edit"><p>${say("tokenOnce")}</p><code class="factor-key" data-made>${token}</code></div>`}
    <div class="person person-edit" data-form="add-token">
      <${Field} name="name" label=${say("tokenName")} value=${name} onInput=${setName} maxlength="64" autocapitalize="none" />
      <${Grants} grants=${grants} onChange=${setGrants} roles=${ROLES.filter((role) => role !== "administrator")} />
      <div class="person-acts"><${Act} name="add" kind="main" icon="plus" under=${working.under} disabled=${!name || !grants.length}
        onAct=${add}>${say("addToken")}</${Act}></div>
    </div></div>`;
}
