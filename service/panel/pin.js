/** The PIN pad: who stands before a bound panel, for what is critical. */

import { useEffect, useState } from "preact/hooks";

import { enterPin, pinHolders } from "./access.js";
import { say } from "./access_terms.js";
import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { press } from "./press.js";
import { closeSheet, openSheet, Sheet } from "./sheet.js";
import { Trouble, useStoring } from "./storing.js";

const LEAST = 6;
const MOST = 8;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", null, "0", "erase"];

let then = () => {};

/** Ask for a PIN, and go on with `act` when it was right. */
export function askPin(room, act) {
  then = act;
  openSheet("pin", room);
}

export function PinSheet() {
  const [people, setPeople] = useState(null);
  const [who, setWho] = useState(null);
  const [asking, ask] = useStoring();
  useEffect(() => {
    ask(async () => setPeople(await pinHolders()));
  }, []);
  return html`<${Sheet} name="pin" title=${who ? `${say("enterPin")} · ${who.title}` : say("whoAreYou")}>
    ${who ? html`<${Pad} who=${who} onBack=${() => setWho(null)} />` : html`<div class="parameter-choices">
      ${people?.map(
        (each) => html`<button key=${each.name} class="big-choice" data-person=${each.name}
          onClick=${() => setWho(each)}>${each.title}</button>`,
      )}</div>`}
    ${people?.length === 0 && html`<p class="empty">${say("nobodyHasPin")}</p>`}
    ${!who && html`<${Trouble} storing=${asking} />`}
  </${Sheet}>`;
}

function Pad({ who, onBack }) {
  const [pin, setPin] = useState("");
  const [entering, enter] = useStoring();
  const go = () =>
    enter(async () => {
      setPin("");
      await enterPin(who.name, pin);
      closeSheet();
      then();
    });
  const type = (digit) => setPin((now) => (digit === "erase" ? now.slice(0, -1) : (now + digit).slice(0, MOST)));
  return html`<button class="link-button" data-action="back" onClick=${onBack}>‹ ${say("back")}</button>
    <p class="pin-dots" aria-label=${`${pin.length}`} data-pin=${pin.length}>${Array.from(
      { length: MOST },
      (_, at) => html`<span class=${classes("pin-dot", at < pin.length && "is-on", at >= LEAST && "is-optional")}></span>`,
    )}</p>
    <div class="pin-pad">${DIGITS.map((digit) =>
      digit === null
        ? html`<span></span>`
        : html`<button key=${digit} class="pin-key" data-digit=${digit} aria-label=${digit === "erase" ? say("erase") : digit}
            ...${press(() => type(digit))}>${digit === "erase" ? html`<${Icon} name="left" size=${24} />` : digit}</button>`,
    )}</div>
    <${Trouble} storing=${entering} />
    <button class="take" data-action="enter-pin" disabled=${pin.length < LEAST || entering.under} ...${press(go)}><${Icon}
      name=${entering.under ? "running" : "confirmed"} size=${22} /><b>${say("confirm")}</b></button>`;
}
