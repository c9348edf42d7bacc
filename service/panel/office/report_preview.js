/** What a report would say now, before there is one. */

import { html } from "../dom.js";
import { goTo } from "../place.js";
import { Trouble, useStoring } from "../storing.js";
import { titleOf } from "../words.js";
import { at, query, read, send } from "./api.js";
import { Act, Head } from "./parts.js";
import { Downloads, Paper } from "./report_paper.js";
import { periodTitle, say } from "./report_terms.js";
import { Told, useTold } from "./told.js";

export function Preview({ kind, period, room }) {
  const asked = { kind, period, room };
  const told = useTold(() => read(query(at("reports", "preview"), asked)), [kind, period, room]);
  const [making, make] = useStoring();
  const go = () =>
    make(async () => {
      const { report } = await send(at("reports"), { kind, period, room: room || null });
      goTo("office", "reports", String(report));
    });
  return html`<${Head} title=${told.value ? titleOf(told.value) : say("preview")} back=${["reports"]} under=${`${periodTitle(period)} · ${say("previewMeans")}`}>
      <${Act} name="make-report" kind="main" needs="draft" onAct=${go} under=${making.under}>${say("makeDraft")}</${Act}></${Head}>
    <${Trouble} storing=${making} />
    <${Told} told=${told}>${(document) => html`<${Downloads} path=${at("reports", "preview", "file")} asked=${asked} /><${Paper} document=${document} />`}</${Told}>`;
}
