/** People, bound panels and tokens for administrators; who did what for auditors. */

import { useState } from "preact/hooks";

import { may } from "../access.js";
import { html } from "../dom.js";
import { Head, Segments } from "./parts.js";
import { AccessLog } from "./people_log.js";
import { Panels, Tokens } from "./people_keys.js";
import { People } from "./people_list.js";
import { say } from "./people_terms.js";

const PARTS = {
  people: { right: "administer", Part: People },
  panels: { right: "administer", Part: Panels },
  tokens: { right: "administer", Part: Tokens },
  log: { right: "audit", Part: AccessLog },
};

export function Page() {
  const names = Object.keys(PARTS).filter((name) => may(PARTS[name].right));
  const [chosen, setChosen] = useState(names[0]);
  const { Part } = PARTS[chosen] ?? {};
  return html`<${Head} title=${say(chosen)}><${Segments} name="people" label=${say("people")}
      options=${names.map((name) => [name, say(name)])} value=${chosen} onChoose=${setChosen} /></${Head}>
    ${Part && html`<${Part} key=${chosen} />`}`;
}
