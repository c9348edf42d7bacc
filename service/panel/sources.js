/** Which source each destination shows: as read back, and by a tap. */

import { isBarred } from "./access.js";
import { ask, asked } from "./commands.js";
import { classes, html } from "./dom.js";
import { Icon } from "./icons.js";
import { press } from "./press.js";
import { ageOf, doubt } from "./state.js";
import { readAgo, say, titleOf } from "./words.js";

export function Sources({ room }) {
  if (!room.destinations.size || !room.sources.length)
    return html`<p class="empty">${say("noSources")}</p>`;
  return html`<div class="sources">
    ${[...room.destinations].map(([name, told]) => html`<${Destination} key=${name} room=${room}
      destination=${told.value} />`)}
  </div>`;
}

function Destination({ room, destination }) {
  const device = room.devices.get(destination.device)?.value;
  const why = doubt(device);
  const wanted = asked.value.get(`${destination.destination} source`);
  const blocked = isBarred(room) || why === "down";
  const fed = destination.source;
  return html`<section class=${classes("destination", why && "is-doubted")}
    data-destination=${destination.destination}
    data-source=${fed ?? "unknown"} data-doubt=${why}>
    <h3>${titleOf(destination)}<span class="age">${destination.blank && html`<b
      class="is-blank">${say("blank")} · </b>`}${fed === null ? say("dontKnow") : readAgo(ageOf(device, `output/${destination.output}`))}</span></h3>
    <div class="choices">
      ${room.sources
        .filter((source) => source.device === destination.device)
        .map(
          (source) => html`<${Choice} key=${source.source}
        title=${titleOf(source)} name=${source.source} on=${fed === source.source} pending=${wanted === source.source} blocked=${blocked}
        onPress=${() => ask(room, destination.destination, "source", source.source)} />`,
        )}
      ${fed === "none" && html`<span class="fed-none">${say("none")}</span>`}
    </div>
  </section>`;
}

function Choice({ title, name, on, pending, blocked, onPress }) {
  return html`<button class=${classes("choice", on && "is-on", pending && "is-pending")}
    data-choice=${name} aria-pressed=${on} disabled=${blocked}
    ...${press(onPress)}>
    <${Icon} name=${on ? "confirmed" : "ready"} size=${16} /><span>${title}</span></button>`;
}
