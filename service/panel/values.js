/** What a device reported, in words. */

import { titleOf, decibels, knows, nameWords, reasonWords, say } from "./words.js";

const nameOf = (names, number) => Object.keys(names ?? {}).find((name) => names[name] === number);

function sourceAt(room, device, input) {
  if (input === 0 || input === "none") return say("none");
  const source = room.sources.find(
    (one) => one.source === input || (one.device === device && one.input === input),
  );
  return source ? titleOf(source) : `${say("input")} ${input}`;
}

function spelled(value) {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toFixed(1);
  if (typeof value === "object")
    return Object.entries(value)
      .map(([key, part]) => `${key} ${spelled(part)}`)
      .join(" · ");
  return knows(String(value)) ? say(String(value)) : String(value);
}

/**
 * A value as a person says it.
 * @param {string} word of the point: "preset", "fader", "output" …
 */
export function valueWords(room, device, word, value) {
  if (value === null || value === undefined) {
    return { preset: say("noPreset"), layout: say("settling") }[word] ?? say("dontKnow");
  }
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
  const rest = point.key.split("/").slice(1).join(" ");
  const word = knows(point.word) ? say(point.word) : point.word;
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
  return rest ? `${word} ${rest}` : word;
}

/** What a scene's word is called. "muted" is said by its value alone. */
export const pointWord = (word) => (word === "muted" ? "" : knows(word) ? say(word) : word);

const micWord = (word) => say(word === "muted" ? "mute" : word);

/** A target of a scene: a device, a microphone or a destination. */
export function targetTitle(room, target) {
  const thing =
    room.microphones.get(target) ??
    room.destinations.get(target) ??
    room.pairs.get(target) ??
    room.devices.get(target);
  return thing ? titleOf(thing.peek()) : target;
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
