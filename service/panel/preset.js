/** Storing where a camera looks as a preset: held, for a preset's memory wears. */

import { useState } from "preact/hooks";

import { storePreset } from "./api.js";
import { notify } from "./commands.js";
import { classes, html } from "./dom.js";
import { press } from "./press.js";
import { closeSheet, Sheet } from "./sheet.js";
import { StoreButton, Trouble, useStoring } from "./storing.js";
import { nameWords, say, titleOf } from "./words.js";

const LONGEST = 32; // characters

/** What was typed, as a room file can have it. */
const asName = (typed) => typed.trim().replace(/[\s/]+/g, "-").replace(/^[.$]+/, "");

export function PresetSheet({ room, name }) {
  const camera = room.devices.get(name).value;
  const [chosen, setChosen] = useState("");
  const [typed, setTyped] = useState("");
  const [storing, store] = useStoring();
  const words = Object.keys(camera.presets ?? {});
  const word = asName(typed) || chosen;
  const go = () =>
    store(async () => {
      const stored = await storePreset(room.name, name, word);
      closeSheet();
      notify("confirmed", `${titleOf(camera)} — ${say("storedPreset")} ${nameWords(stored.preset)}`);
    });
  return html`<${Sheet} name="preset" title=${`${say("storePreset")} — ${titleOf(camera)}`}>
    <div class="store-words" role="group" aria-label=${say("presets")}>${words.map(
      (each) => html`<button key=${each} class=${classes("choice", word === each && "is-on")} data-word=${each}
        aria-pressed=${word === each}
        ...${press(() => (setChosen(each), setTyped("")))}>${nameWords(each)}</button>`,
    )}</div>
    <label class="store-field"><span>${say("newPreset")}</span>
      <input data-field="preset" maxlength=${LONGEST} autocomplete="off" value=${typed}
        onInput=${(event) => setTyped(event.currentTarget.value)} /></label>
    ${words.includes(word) && html`<p class="store-note is-unknown" data-note="taken">${say("presetTaken")}</p>`}
    <${Trouble} storing=${storing} />
    <${StoreButton} storing=${storing} disabled=${!word} onStore=${go} />
  </${Sheet}>`;
}
