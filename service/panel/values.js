/** What a device reported, in words. */

import { knowsPoint, sayPoint } from "./point_terms.js";
import { decibels, knows, nameWords, reasonWords, say, signed, span, titleOf } from "./words.js";

const nameOf = (names, number) => Object.keys(names ?? {}).find((name) => names[name] === number);

function sourceAt(room, device, input) {
  if (input === 0 || input === "none") return say("none");
  const source = room.sources.find(
    (one) => one.source === input || (one.device === device && one.input === input),
  );
  return source ? titleOf(source) : `${say("input")} ${input}`;
}

function spelled(value) {
  if (typeof value === "number") return signed(value, Number.isInteger(value) ? 0 : 1);
  if (typeof value === "object")
    return Object.entries(value)
      .map(([key, part]) => `${sayPoint(key)} ${spelled(part)}`)
      .join(" · ");
  if (knowsPoint(`value-${value}`)) return sayPoint(`value-${value}`);
  return knows(String(value)) ? say(String(value)) : String(value);
}

/** "水平 −25.7° · 俯仰 −3.4° · 变焦 85 %". */
const framed = ({ pan, tilt, zoom }) =>
  [
    `${sayPoint("pan")} ${signed(pan, 1)}°`,
    `${sayPoint("tilt")} ${signed(tilt, 1)}°`,
    ...(zoom === undefined || zoom === null ? [] : [`${sayPoint("zoom")} ${Math.round(zoom * 100)}\u00a0%`]),
  ].join(" · ");

/** What the numbers of a point are numbers of. */
const MEASURED = {
  aim: framed,
  volume: (percent) => `${percent}\u00a0%`,
  hours: (hours) => `${hours}\u00a0h`,
  temperature: (degrees) => `${signed(degrees, 1)}\u00a0°C`,
  uptime: span,
  time_left: span,
  battery: (minutes) => `${minutes}\u00a0min`,
  radio: (level) => `${signed(level, 0)}\u00a0dBm`,
  clock: (seconds) => `${signed(seconds, 1)}\u00a0s`,
  outlet: (on) => say(on ? "on" : "off"),
};

/**
 * A value as a person says it.
 * @param {string} word of the point: "preset", "fader", "output" …
 */
export function valueWords(room, device, word, value) {
  if (value === null || value === undefined) {
    return { preset: say("noPreset"), layout: say("settling") }[word] ?? say("dontKnow");
  }
  if (Object.hasOwn(MEASURED, word) && typeof value !== "string") return MEASURED[word](value);
  const told = room.devices.get(device)?.peek();
  switch (word) {
    case "preset":
      return nameWords(nameOf(told?.presets, value) ?? `${say("preset")} ${value}`);
    case "layout":
      return nameWords(nameOf(told?.layouts, value) ?? `${say("layout")} ${value}`);
    case "source":
    case "output":
      return sourceAt(room, device, value);
    case "fader":
    case "meter":
      return typeof value === "number" ? `${decibels(value)} dB` : String(value);
    case "muted":
      return say(value ? "muted" : "live");
    case "power":
    case "focus":
      return spelled(value);
    case "blank":
    case "moving":
    case "tally":
    case "menu":
    case "signal":
      return typeof value === "boolean" ? say(String(value)) : spelled(value);
    default:
      return spelled(value);
  }
}

/** What a point is called: its word, and what tells it from others of the same. */
export function pointTitle(room, device, point) {
  const rest = point.key
    .split("/")
    .slice(1)
    .map((part) => part.split(" ").map(sayPoint).join(" "))
    .join(" ");
  const word = wordOf(point.word);
  if (point.word === "fader" || point.word === "muted" || point.word === "meter") {
    const channel = point.key.slice(point.word.length + 1);
    for (const microphone of room.microphones.values()) {
      const told = microphone.peek();
      if (told.device === device && told.channel === channel)
        return `${titleOf(told)} · ${micWord(point.word)}`;
    }
  }
  if (point.word === "output") {
    const [, number, layer] = point.key.split("/");
    const fed = [...room.destinations.values()]
      .map((one) => one.peek())
      .find((one) => one.device === device && String(one.output) === number);
    return `${fed ? titleOf(fed) : `${word} ${number}`} · ${say(layer)}`;
  }
  if (point.word === "outlet") {
    const outlet = room.outlets.find((one) => one.device === device && String(one.number) === rest);
    if (outlet) return `${titleOf(outlet)} · ${rest}`;
  }
  if (!rest) return word;
  return /^\d/.test(rest) ? `${word} ${rest}` : `${word} · ${rest}`;
}

const wordOf = (word) => (knowsPoint(word) ? sayPoint(word) : say(word));

/** What a scene's word is called. "muted" is said by its value alone. */
export const pointWord = (word) => (word === "muted" ? "" : wordOf(word));

const micWord = (word) => say(word === "muted" ? "mute" : word);

/** A target of a scene: a device, a microphone or a destination. */
export function targetTitle(room, target) {
  const thing =
    room.microphones.get(target) ??
    room.destinations.get(target) ??
    room.pairs.get(target) ??
    room.devices.get(target);
  if (thing) return titleOf(thing.peek());
  const outlet = room.outlets.find((one) => one.outlet === target);
  return outlet ? titleOf(outlet) : target;
}

/** Why a step was not confirmed. */
export function whyWords(room, step) {
  const [, cause, verdict] = (step.why ?? "").match(/^not tried: (.+) is (\w+)$/) ?? [];
  if (cause) return `${say("notTried")}${targetTitle(room, cause)} ${say(verdict)}`;
  const differs = step.verdict === "failed" && step.read !== null && step.read !== undefined;
  if (!differs || !/^reads /.test(step.why ?? "reads "))
    return reasonWords(step.why, step.device) || say(step.verdict ?? "unknown");
  const words = (value) => valueWords(room, step.device, step.word, value);
  const comma = say("reads") === "reads" ? ", " : "，";
  return `${say("reads")} ${words(step.read)}${comma}${say("wanted")} ${words(step.wanted)}`;
}
