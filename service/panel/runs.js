/** What runs mean for the buttons they came from. Pure: nothing here keeps state. */

const tappedAt = (run) => Date.parse(run.tapped);
export const endedAt = (run) =>
  run.verdict ? tappedAt(run) + (run.duration ?? run.elapsed) * 1000 : Infinity;

/** Newest first. */
export const ordered = (runs) => [...runs].sort((one, other) => tappedAt(other) - tappedAt(one));

/**
 * The run that a scene's button shows: its latest, until another scene was taken after that had ended.
 * @param {object[]} runs newest first
 */
export function runShown(runs, scene) {
  const latest = runs.find((run) => run.scene === scene);
  if (!latest) return null;
  const end = endedAt(latest);
  const overtaken = runs.some((run) => run.ofScene && run.scene !== scene && tappedAt(run) > end);
  return overtaken ? null : latest;
}

const WORST_FIRST = ["failed", "unknown", "superseded", null, "sent", "confirmed", "skipped"];
const rank = (verdict) => WORST_FIRST.indexOf(verdict ?? null);

/**
 * The runs worth telling: of what was set by hand, only what a place was left at.
 * @param {object[]} runs newest first
 */
export function worthTelling(runs) {
  const newer = new Set();
  return runs.filter((run) => {
    if (run.by?.startsWith("follows ") && run.verdict === "confirmed") return false;
    if (!run.byHand) return newer.clear() || true;
    const isFirst = !newer.has(run.scene);
    newer.add(run.scene);
    return isFirst && run.verdict !== "superseded";
  });
}

/**
 * The steps of a run as a person sees them: one line for each target, with its worst verdict.
 * @returns {{target: string, verdict: string|null, after: number|null, step: object}[]} culprits first
 */
export function linesOf(run) {
  const lines = new Map();
  for (const step of run.steps) {
    const line = lines.get(step.target);
    const after = step.confirmed ?? step.ended ?? null;
    if (!line) lines.set(step.target, { target: step.target, verdict: step.verdict, after, step });
    else if (rank(step.verdict) < rank(line.verdict))
      Object.assign(line, { verdict: step.verdict, after, step });
    else
      line.after = line.after === null || after === null ? line.after : Math.max(line.after, after);
  }
  const ended = [...lines.values()];
  if (!run.verdict) return ended;
  const isCulprit = (line) => line.verdict === "failed" || line.verdict === "unknown";
  return [...ended.filter(isCulprit), ...ended.filter((line) => !isCulprit(line))];
}

/** How far a running take is, 0 to 1: nine tenths at its usual time, all at its deadline. */
export function progress(run, scene, elapsed) {
  const deadline = (run.deadline || scene.deadline || 8) + (scene.hold ?? 0);
  const expected = Math.min(scene.expected ?? deadline, deadline);
  if (elapsed <= expected) return (0.9 * elapsed) / expected;
  return Math.min(1, 0.9 + (0.1 * (elapsed - expected)) / Math.max(deadline - expected, 0.1));
}
