/** Roles of somebody or of a token: chips that go, and one more to choose. */

import { useState } from "preact/hooks";

import { html } from "../dom.js";
import { Icon } from "../icons.js";
import { press } from "../press.js";
import { Act, Pick, roomOptions, roomTitle } from "./parts.js";
import { say } from "./people_terms.js";

export const ROLES = ["viewer", "operator", "engineer", "client", "auditor", "administrator"];

export const grantWords = ({ role, room }) => (room ? `${say(`role-${role}`)} · ${roomTitle(room)}` : say(`role-${role}`));

/** @param {{grants: {role: string, room: string}[], onChange: (grants: object[]) => void, roles?: string[]}} properties */
export function Grants({ grants, onChange, roles = ROLES }) {
  const [role, setRole] = useState("operator");
  const [room, setRoom] = useState("");
  const place = role === "administrator" ? "" : room;
  const there = grants.some((each) => each.role === role && each.room === place);
  return html`<div class="grants" data-grants>
    ${grants.map(
      (each) => html`<button key=${`${each.role} ${each.room}`} type="button" class="grant" data-grant=${each.role}
        aria-label=${`${say("takeRole")}: ${grantWords(each)}`} ...${press(() => onChange(grants.filter((other) => other !== each)))}>
        <span>${grantWords(each)}</span><${Icon} name="close" size=${15} /></button>`,
    )}
    <${Pick} name="role" label=${say("role")} value=${role} onChoose=${setRole} options=${roles.map((each) => [each, say(`role-${each}`)])} />
    <${Pick} name="room" label=${say("where")} value=${place} onChoose=${setRoom} options=${[["", say("wholeSite")], ...roomOptions()]} />
    <${Act} name="add-role" icon="plus" disabled=${there} onAct=${() => onChange([...grants, { role, room: place }])}>${say("addRole")}</${Act}>
  </div>`;
}
