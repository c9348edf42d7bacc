/** What the server was asked for, kept fresh while it is looked at, and how waiting and failing look. */

import { useEffect, useRef, useState } from "preact/hooks";

import { Problem } from "../api.js";
import { problemWords } from "../commands.js";
import { html } from "../dom.js";
import { Icon } from "../icons.js";
import { press } from "../press.js";
import { listen, lost } from "../state.js";
import { language, say } from "../words.js";

const SOON = 400; // ms; entries of the journal come in bursts

/** Whether a message of the socket makes what was read old. */
const concerns = (message, kinds, types) =>
  message.type === "journal" ? kinds.includes(message.entry.kind) : types.includes(message.type);

/**
 * {value, error, again}: read when `inputs` change, when the journal gets an entry of `kinds` or the socket a message
 * of `types`, and when the server is back. The old value stays until the new one is there.
 * @template T @param {() => Promise<T>} load
 */
export function useTold(load, inputs, { kinds = [], types = [] } = {}) {
  const [told, setTold] = useState({ value: null, error: null });
  const latest = useRef({ load, turn: 0 });
  latest.current.load = load;
  const again = () => {
    const turn = ++latest.current.turn;
    const isMine = () => turn === latest.current.turn;
    return latest.current.load().then(
      (value) => isMine() && setTold({ value, error: null }),
      (error) => isMine() && setTold((was) => ({ ...was, error })),
    );
  };
  useEffect(() => {
    again();
    return () => (latest.current.turn += 1);
  }, inputs);
  useEffect(() => {
    let timer = 0;
    const soon = () => {
      timer ||= setTimeout(() => {
        timer = 0;
        again();
      }, SOON);
    };
    const deaf = listen((message) => concerns(message, kinds, types) && soon());
    let wasLost = lost.peek() !== null;
    const back = lost.subscribe((silence) => {
      if (wasLost && silence === null) soon();
      wasLost = silence !== null;
    });
    return () => {
      clearTimeout(timer);
      deaf();
      back();
    };
  }, []);
  return { ...told, again };
}

/** What was told, or that it is waited for, or why it did not come. @param {{told: object, children: (value) => unknown}} properties */
export function Told({ told, children }) {
  if (told.value !== null) return children(told.value);
  if (!told.error) return html`<p class="waiting" data-waiting><span class="turning"></span></p>`;
  const words = told.error instanceof Problem ? told.error.words : null;
  return html`<div class="not-told" role="alert" data-not-told=${told.error.code ?? ""}>
    <${Icon} name="failed" size=${22} /><p>${problemWords(words, language.value)}</p>
    <button class="act" data-action="again" ...${press(told.again)}>${say("tryAgain")}</button></div>`;
}
