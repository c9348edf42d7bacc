/**
 * What the server said last, as signals. Only the messages write it; what a finger wants stands elsewhere.
 * Every device, microphone, destination has its own signal, so that a meter redraws itself and nothing more.
 */

import { batch, computed, signal } from "@preact/signals";

import { ordered } from "./runs.js";

const OVERDUE = 1; // seconds
const KEPT_RUNS = 40;
const KEPT_ENTRIES = 200;
/** Seconds between a device's polls, where the service does not tell. */
const POLL = 2;
/** Seconds beyond its poll after which a device that said nothing is not believed. */
const GRACE = 3;

export const site = signal(null);
export const rooms = signal([]);
export const entries = signal([]); // of the journal, newest first
export const alarms = signal([]); // that stand
export const link = signal({ open: false, beat: null, greeted: false }); // beat: performance.now() of the last one
export const now = signal(performance.now());
export const hidden = signal(document.hidden);
setInterval(() => (now.value = performance.now()), 500);

/** Seconds without the server, or null while it is there. */
export const lost = computed(() => {
  const { open, beat, greeted } = link.value;
  const silence = beat === null ? 0 : (now.value - beat) / 1000;
  return greeted && open && silence <= 3 ? null : silence;
});

const stamped = (thing) => ({ ...thing, heard: performance.now() });
const byName = (things, key) =>
  new Map((things ?? []).map((thing) => [thing[key], signal(stamped(thing))]));

/** What is set by hand comes as a run named after its one place; changeovers and returns are of no scene either. */
const noted = (run, scenes) => ({
  ...stamped(run),
  byHand: run.steps.length > 0 && run.scene === `${run.steps[0].target} ${run.steps[0].word}`,
  ofScene: scenes.some(({ scene }) => scene === run.scene),
});

function roomOf(told) {
  return {
    name: told.room,
    title: told.title,
    scenes: [...told.scenes].sort((one, other) => one.order - other.order),
    sources: told.sources ?? [],
    outlets: told.outlets ?? [],
    devices: byName(told.devices, "device"),
    destinations: byName(told.destinations, "destination"),
    microphones: byName(told.microphones, "microphone"),
    pairs: byName(told.pairs, "pair"),
    runs: signal(ordered((told.runs ?? []).map((run) => noted(run, told.scenes)))),
    meeting: signal(told.meeting ?? null), // the one that is on
    warmUp: signal(null), // the one under way, or the last that was told
    presses: signal(new Map()), // scene → {at, key, problem}: from the finger to the server's first word
  };
}

/** A room whose file was written, with the signals that it had: nobody's finger is to lose what it holds. */
function retold(known, told) {
  const { runs, presses, warmUp, meeting, ...made } = roomOf(told);
  known.meeting.value = meeting.value;
  for (const kind of ["devices", "destinations", "microphones", "pairs"])
    for (const [name, thing] of made[kind]) {
      const kept = known[kind].get(name);
      if (!kept) continue;
      kept.value = thing.value;
      made[kind].set(name, kept);
    }
  known.runs.value = known.runs.value.map((run) => ({ ...noted(run, told.scenes), heard: run.heard }));
  return { ...made, runs: known.runs, presses: known.presses, warmUp: known.warmUp, meeting: known.meeting };
}

export const roomNamed = (name) => rooms.value.find((room) => room.name === name);

function put(things, name, thing) {
  const kept = things?.get(name);
  if (kept) kept.value = stamped(thing);
}

/** Take over a run, whoever asked for it. */
export function tellRun(room, run) {
  if (!room) return;
  const others = room.runs.value.filter((other) => other.run !== run.run);
  const known = room.runs.value.find((other) => other.run === run.run);
  if (known?.verdict && !run.verdict) return; // an answer that was overtaken by the socket
  const runs = ordered([noted(run, room.scenes), ...others]);
  // A dragged fader is many runs: they must not push out what the scenes' buttons still show.
  const hands = runs.filter((one) => one.byHand);
  room.runs.value = runs
    .filter((one) => !one.byHand || hands.indexOf(one) < KEPT_RUNS)
    .slice(0, 2 * KEPT_RUNS);
}

/** Take over how a warm-up stands. */
export function tellWarmUp(room, told) {
  const known = room?.warmUp.value;
  if (!room || (known?.run === told.run && known.elapsed > told.elapsed)) return; // overtaken by the socket
  room.warmUp.value = stamped(told);
}

/** Take over the ages of devices that were read again without a change. */
export function tellDevices(room, devices) {
  batch(() => devices.forEach((device) => put(room?.devices, device.device, device)));
}

export function tellEntries(older) {
  const known = new Set(entries.value.map((entry) => entry.seq));
  const all = [...entries.value, ...older.filter((entry) => !known.has(entry.seq))];
  entries.value = all.sort((one, other) => other.seq - one.seq).slice(0, KEPT_ENTRIES);
}

const MEANINGS = {
  hello({ site: told, rooms: all, alarms: standing, version }) {
    site.value = { ...told, version };
    alarms.value = standing ?? [];
    rooms.value = all.map(roomOf);
  },
  room: ({ room: told }) =>
    (rooms.value = rooms.value.map((room) => (room.name === told.room ? retold(room, told) : room))),
  device: ({ room, device }) => put(roomNamed(room)?.devices, device.device, device),
  microphone: ({ room, microphone }) =>
    put(roomNamed(room)?.microphones, microphone.microphone, microphone),
  destination: ({ room, destination }) =>
    put(roomNamed(room)?.destinations, destination.destination, destination),
  pair({ room, pair }) {
    put(roomNamed(room)?.pairs, pair.pair, pair);
    if (pair.run) tellRun(roomNamed(room), pair.run);
  },
  run: ({ room, run }) => tellRun(roomNamed(room), run),
  "warm-up": ({ room, warm_up: told }) => tellWarmUp(roomNamed(room), told),
  alarm: ({ alarm }) => {
    const others = alarms.value.filter((other) => other.alarm !== alarm.alarm);
    alarms.value = alarm.active ? [alarm, ...others] : others;
  },
  meeting({ room, meeting }) {
    const known = roomNamed(room);
    if (known) known.meeting.value = meeting;
  },
  journal: ({ entry }) => tellEntries([entry]),
  beat() {},
};

const ears = new Set();

/** Hear every message of the socket. Gives what ends it. */
export function listen(hear) {
  ears.add(hear);
  return () => ears.delete(hear);
}

/** Take over a message of the socket. Every one of them proves that the server is there. */
export function tell(message) {
  batch(() => {
    if (Object.hasOwn(MEANINGS, message.type)) MEANINGS[message.type](message);
    const greeted = link.value.greeted || message.type === "hello";
    link.value = { open: true, greeted, beat: performance.now() };
  });
  for (const hear of ears) hear(message);
}

/** Seconds since something was read whose age was `age` when its message came. */
export function ageNow(thing, age) {
  return age === null || age === undefined
    ? null
    : age + Math.max(0, now.value - thing.heard) / 1000;
}

/** Whether a run has not begun yet, because older ones must end first. */
export const isWaiting = (run) =>
  !run.verdict && run.steps.length > 0 && run.steps.every((step) => step.planned === null && !step.verdict);

/** Whether a run should long have had its verdict. */
export const isOverdue = (run) =>
  !run.verdict &&
  !isWaiting(run) &&
  ageNow(run, run.elapsed) > run.deadline + (run.hold ?? 0) + OVERDUE;

/** Seconds since the oldest of a device's readings whose keys begin so; null when one of them was never read. */
export function ageOf(device, ...keys) {
  const read =
    device?.points.filter((point) =>
      keys.some((key) => point.key === key || point.key.startsWith(`${key}/`)),
    ) ?? [];
  const ages = read.map((point) => point.age);
  return ages.length && !ages.includes(null) ? ageNow(device, Math.max(...ages)) : null;
}

/** Seconds since the device last said anything: the age of its youngest point. */
export function silenceOf(device) {
  const ages = device.points
    .map((point) => point.age)
    .filter((age) => age !== null && age !== undefined);
  return ages.length ? Math.max(0, ageNow(device, Math.min(...ages))) : null;
}

/** Why what a device reported cannot be shown as fresh: "lost", "down", "old", or "" when it can. */
export function doubt(device) {
  if (lost.value !== null) return "lost";
  if (!device?.up) return "down";
  const silence = silenceOf(device);
  return silence !== null && silence > (device.poll ?? POLL) + GRACE ? "old" : "";
}
