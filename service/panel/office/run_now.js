/** Beginning a job now, for some of its rooms or all: held, for it may switch rooms on. */

import { useState } from "preact/hooks";

import { notify } from "../commands.js";
import { classes, html } from "../dom.js";
import { press } from "../press.js";
import { Sheet } from "../sheet.js";
import { Trouble, useStoring } from "../storing.js";
import { titleOf } from "../words.js";
import { at, send } from "./api.js";
import { Act, roomTitle } from "./parts.js";
import { say } from "./schedule_terms.js";

export function RunNow({ job, onClose }) {
  const [left, setLeft] = useState([]); // rooms that it is not for
  const [beginning, begin] = useStoring();
  const rooms = job.rooms.filter((room) => !left.includes(room));
  const turn = (room) => setLeft(left.includes(room) ? left.filter((other) => other !== room) : [...left, room]);
  const go = () =>
    begin(async () => {
      await send(at("schedule", job.job, "run"), { rooms });
      onClose();
      notify("confirmed", `${titleOf(job)} — ${say("begun")}`);
    });
  return html`<${Sheet} name="run-now" title=${`${say("runNow")} — ${titleOf(job)}`} onClose=${onClose}>
    ${job.rooms.length > 0 && html`<div class="store-words" role="group" aria-label=${say("rooms")}>${job.rooms.map(
      (room) => html`<button key=${room} class=${classes("choice", rooms.includes(room) && "is-on")} data-room-of=${room}
        aria-pressed=${rooms.includes(room)} ...${press(() => turn(room))}>${roomTitle(room)}</button>`,
    )}</div>`}
    <${Trouble} storing=${beginning} />
    <${Act} name="begin-job" icon="play" kind="main" held onAct=${go} under=${beginning.under}
      disabled=${job.rooms.length > 0 && !rooms.length}>${say("holdToRun")}</${Act}>
  </${Sheet}>`;
}
