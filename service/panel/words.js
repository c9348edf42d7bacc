/** The panel's words, one fixed term each in Chinese and English, and how numbers read in both. */

import { remembered } from "./remembered.js";
import { TERMS } from "./terms.js";

/** Names that rooms give their presets and layouts. A name that is not here reads as it is written. */
const NAMES = {
  panorama: ["全景", "Panorama"],
  speaker: ["发言人", "Speaker"],
  chair: ["主席", "Chair"],
  podium: ["讲台", "Podium"],
  rostrum: ["主席台", "Rostrum"],
  guest: ["嘉宾", "Guest"],
  audience: ["听众席", "Audience"],
  quad: ["四画面", "Quad"],
  full: ["全屏", "Full"],
  wide: ["广角", "Wide"],
  home: ["初始位", "Home"],
};

/** Why a step went wrong, as the library says it. */
const REASONS = [
  [/^it passed while nobody was there|^nobody was there/, "到时服务未运行"],
  [/^a later one runs in its place/, "由其后一次代替"],
  [/^the service was (stopped|gone)/, "服务已停止"],
  [/moves: wait until it stands still/, "摄像机正在移动，请等它停稳"],
  [/moved while it stored/, "存储时摄像机移动了，请再存储一次"],
  [/did not store preset/, "摄像机未能存储此预置位"],
  [/a drill is under way/, "演练正在进行"],
  [/a warm-up is under way/, "预热正在进行"],
  [/ is open$| is open;/, "话筒开着，可能正在开会"],
  [/ is in a call/, "终端正在通话"],
  [/ records$| records;/, "正在录像"],
  [/a meeting may be on/, "话筒开启，可能正在开会"],
  [/^not sent by the deadline$/, "期限内未能发出"],
  [/^not read back before/, "放弃前未读到结果"],
  [/^not sent before/, "放弃前未能发出"],
  [/^not read back by the deadline$/, "期限内未读到结果"],
  [/not reachable/, "设备无法连接"],
  [/connection refused|connect call failed/i, "无法建立连接"],
  [/refused/i, "设备拒绝"],
  [/no answer|did not answer|unanswered|silent|timed? ?out/i, "没有应答"],
  [/closed|reset|hung up|end of/i, "连接被关闭"],
  [/connect|dial|unreachable|no route/i, "无法建立连接"],
  [/busy/i, "设备忙"],
];

export const language = remembered(
  "avctl.language",
  navigator.language.startsWith("zh") ? "zh" : "en",
);

const column = () => (language.value === "zh" ? 0 : 1);

/** @param {keyof typeof TERMS} key */
export const say = (key) => (knows(key) ? TERMS[key][column()] : key);
export const knows = (key) => Object.hasOwn(TERMS, key);

/** `say` for a part of the panel with words of its own. */
export const sayOf = (terms) => (key) =>
  Object.hasOwn(terms, key) ? terms[key][column()] : say(key);

export function titleOf(thing) {
  const title = thing?.title;
  if (typeof title === "string") return title;
  return title?.[language.value] || title?.en || title?.zh || thing?.device || thing?.scene || "";
}

export function nameWords(name) {
  const known = Object.hasOwn(NAMES, name) && NAMES[name];
  return known ? known[column()] : String(name).replaceAll("-", " ");
}

/** Without the bytes that were sent: these are in the journal, for engineers. */
const plainly = (text) => text.replace(/ to b(["']).*?\1/g, "");

/** @param {string} [device] whose name need not be said again */
export function reasonWords(text, device = "") {
  const known = language.value === "zh" && REASONS.find(([pattern]) => pattern.test(text ?? ""));
  return known ? known[1] : plainly((text ?? "").replaceAll(`${device}: `, ""));
}

/** 2.34 s → "2 340 ms", grouped by no-break spaces. */
export function milliseconds(seconds) {
  return `${Math.round(seconds * 1000)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, "\u00a0")}\u00a0ms`;
}

/** How long it will take, as far as that is known: "3.2 s", and never "0.0 s". */
export const lasting = (seconds) => `${Math.max(0.1, seconds).toFixed(1)}\u00a0s`;

/** An age or a span in its largest unit: "3 s", "12 min", "5 h". */
export function span(seconds) {
  if (seconds < 90) return `${Math.floor(seconds)}\u00a0s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)}\u00a0min`;
  return `${Math.round(seconds / 3600)}\u00a0h`;
}

/** "读于 2 s 前", "read 2 s ago". */
export function readAgo(age) {
  return age === null || age === undefined
    ? say("never")
    : `${say("read")} ${span(age)} ${say("ago")}`;
}

/** −6.0 with a true minus sign, and no minus before a nought. */
export function signed(number, places) {
  const text = Math.abs(number).toFixed(places);
  return number < 0 && Number(text) > 0 ? `\u2212${text}` : text;
}

export const decibels = (level) => signed(level, 1);

/** Who asked: a name as it is, what works by itself in words, and what it was done for. */
export function byWords(by) {
  const [, who, why] = (by ?? "").match(/^(.+) \((warm-up|drill|rehearsal)\)$/) ?? [];
  if (who) return `${byWords(who)} · ${say(`by-${why}`)}`;
  return knows(`by-${by}`) ? say(`by-${by}`) : by;
}

export function clockTime(date) {
  return date.toLocaleTimeString("en-GB");
}
