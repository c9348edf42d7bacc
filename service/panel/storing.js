/** What both kinds of storing share: the held button, and what became of it in words. */

import { useState } from "preact/hooks";

import { Problem } from "./api.js";
import { problemWords } from "./commands.js";
import { html } from "./dom.js";
import { hold } from "./hold.js";
import { Icon } from "./icons.js";
import { lost } from "./state.js";
import { language, reasonWords, say } from "./words.js";

/** [{under, error}, store]: `store` runs what it is given, once at a time. */
export function useStoring() {
  const [storing, setStoring] = useState({ under: false, error: null });
  const store = async (send) => {
    if (storing.under) return;
    setStoring({ under: true, error: null });
    try {
      await send();
      setStoring({ under: false, error: null });
    } catch (error) {
      setStoring({ under: false, error });
    }
  };
  return [storing, store];
}

/** Why nothing was stored, or that nobody knows. */
export function Trouble({ storing: { error } }) {
  if (!error) return null;
  const known = error instanceof Problem;
  const words =
    { "read-only": say("readOnly"), "held-back": reasonWords(error.words?.en) }[error.code] ??
    problemWords(known ? error.words : null, language.value);
  return html`<p class=${`store-note is-${known ? "failed" : "unknown"}`} role="alert" data-trouble=${error.code ?? ""}><${Icon}
    name=${known ? "failed" : "unknown"} size=${18} /><span>${words}</span></p>`;
}

export function StoreButton({ storing, disabled, onStore }) {
  return html`<button class="take" data-action="store" disabled=${disabled || storing.under || lost.value !== null}
    ...${hold(onStore)}><span class="hold-fill"></span><${Icon} name=${storing.under ? "running" : "store"} size=${22} />
    <b>${say(storing.under ? "storing" : "holdToStore")}</b></button>`;
}
