/** Storing the room as it stands as a scene: what of it belongs to the scene, and what it is called. */

import { useEffect, useState } from "preact/hooks";

import { standingOf, storeScene } from "./api.js";
import { notify } from "./commands.js";
import { html } from "./dom.js";
import { closeSheet, Sheet } from "./sheet.js";
import { StoreButton, Trouble, useStoring } from "./storing.js";
import { pointWord, targetTitle, valueWords } from "./values.js";
import { language, nameWords, say } from "./words.js";

const LONGEST = 40; // characters

/** What the file calls the scene: its English name where that can be spelled, else a number. */
function nameFor(room, english) {
  const spelled = english.toLowerCase().match(/[a-z0-9]+/g)?.join("-");
  if (spelled) return spelled;
  for (let number = 1; ; number++)
    if (!room.scenes.some(({ scene }) => scene === `scene-${number}`)) return `scene-${number}`;
}

/** The room as it was read when the sheet was opened: {words, untold} or {error}; null until then. */
function useStanding(room) {
  const [standing, setStanding] = useState(null);
  useEffect(() => {
    let wanted = true;
    standingOf(room.name).then(
      (told) => wanted && setStanding(told),
      (error) => wanted && setStanding({ error }),
    );
    return () => (wanted = false);
  }, [room.name]);
  return standing;
}

export function SceneSheet({ room }) {
  const standing = useStanding(room);
  const [titles, setTitles] = useState({ zh: "", en: "" });
  const [left, setLeft] = useState([]); // targets that do not belong to it
  const [replace, setReplace] = useState(false);
  const [storing, store] = useStoring();
  const [zh, en] = [titles.zh.trim() || titles.en.trim(), titles.en.trim() || titles.zh.trim()];
  const name = nameFor(room, en);
  const only = Object.keys(standing?.words ?? {}).filter((target) => !left.includes(target));
  const taken = en && room.scenes.some(({ scene }) => scene === name);
  const tick = (target, on) =>
    setLeft(on ? left.filter((other) => other !== target) : [...left, target]);
  const go = () =>
    store(async () => {
      await storeScene(room.name, name, { title: { zh, en }, only, replace: Boolean(taken && replace) });
      closeSheet();
      notify("confirmed", `${language.value === "zh" ? zh : en} — ${say("storedScene")}`);
    });
  const field = (which, word) => html`<label class="store-field"><span>${say(word)}</span>
    <input data-field=${which} maxlength=${LONGEST} autocomplete="off" value=${titles[which]}
      onInput=${(event) => setTitles({ ...titles, [which]: event.currentTarget.value })} /></label>`;
  return html`<${Sheet} name="scene" title=${say("storeScene")}>
    <div class="store-titles">${field("zh", "titleZh")}${field("en", "titleEn")}</div>
    <${Standing} room=${room} standing=${standing} only=${only} onTick=${tick} />
    ${taken && html`<label class="store-note is-unknown" data-note="taken"><input type="checkbox" data-field="replace"
      checked=${replace} onChange=${(event) => setReplace(event.currentTarget.checked)} />
      <span>${say("nameTaken")} (${name}) — ${say("replaceScene")}</span></label>`}
    <${Trouble} storing=${storing} />
    <${StoreButton} storing=${storing} disabled=${!en || !only.length || (taken && !replace)} onStore=${go} />
  </${Sheet}>`;
}

function Standing({ room, standing, only, onTick }) {
  if (!standing) return html`<p class="empty"><span class="turning"></span> ${say("readBack")}</p>`;
  if (standing.error) return html`<${Trouble} storing=${standing} />`;
  return html`<div class="store-targets" role="group" aria-label=${say("belongs")}><h3>${say("belongs")}</h3>
    ${Object.entries(standing.words).map(
      ([target, said]) => html`<label key=${target} class="store-target" data-store-target=${target}>
        <input type="checkbox" checked=${only.includes(target)}
          onChange=${(event) => onTick(target, event.currentTarget.checked)} />
        <b>${targetTitle(room, target)}</b><span>${saidWords(room, target, said)}</span></label>`,
    )}
    ${standing.untold.map(
      ({ target, word, why }) => html`<p key=${`${target} ${word}`} class="store-target is-untold">
        <b>${targetTitle(room, target)}</b><span>${pointWord(word)} ${say("untold")}: ${why}</span></p>`,
    )}
  </div>`;
}

/** "Preset Chair · Focus Auto": what was read of a target. */
const saidWords = (room, target, said) =>
  Object.entries(said)
    .map(([word, value]) => `${pointWord(word)} ${valueOf(room, target, word, value)}`.trim())
    .join(" · ");

function valueOf(room, target, word, value) {
  if (typeof value === "string" && (word === "preset" || word === "layout")) return nameWords(value);
  const place = room.microphones.get(target) ?? room.destinations.get(target);
  return valueWords(room, place?.peek().device ?? target, word, value);
}
