/** The panel's words, one fixed term each in Chinese and English, and how numbers read in both. */

import { computed } from "@preact/signals";

import { remembered } from "./remembered.js";

const ZH = {
  ready: "就绪", running: "执行中", confirmed: "已确认", failed: "失败", unknown: "不明", superseded: "被取代",
  skipped: "已是如此", sent: "已发出，无法回读", sending: "正在发出", waiting: "等待中", about: "约", steps: "步",
  elsewhere: "来自", serverLost: "服务器失联", notTaken: "未执行", noScenes: "此会议室没有场景",
  microphones: "话筒", camera: "摄像机", sources: "信号", devices: "设备", events: "记录", scenes: "场景",
  pictures: "画面", rooms: "会议室", tools: "操作",
  live: "开启", muted: "已静音", mute: "静音", unmute: "开启", fader: "电平", nominal: "标称", meter: "音量",
  toNominal: "回到标称电平", none: "无", dontKnow: "未读到",
  up: "已连接", down: "断开", isDown: "断开", read: "读于", ago: "前", never: "尚未读到", stale: "读数过期", for: "已",
  moving: "移动中", noPreset: "不在预置位", preset: "预置位", layout: "布局", source: "信号源", settling: "切换中",
  power: "电源", blank: "黑场", output: "输出", tally: "提示灯", focus: "聚焦", menu: "菜单", aim: "朝向", signal: "信号",
  window: "窗口", input: "输入", open: "路开启", of: "共",
  on: "开", off: "关", warming: "预热中", cooling: "冷却中", auto: "自动", manual: "手动", true: "是", false: "否",
  stop: "停止", stopAll: "停止摄像机", pad: "云台方向", zoom: "变焦", zoomIn: "推近", zoomOut: "拉远", presets: "预置位",
  padHint: "按住并拖动 · 方向键移动 · + − 变焦 · 空格停止", noCamera: "此会议室没有摄像机",
  pictureAge: "图像", noPicture: "没有图像", noPictures: "此会议室没有画面",
  online: "已连接", connecting: "正在连接服务器…", lost: "与服务器失去联系", lostFor: "失联",
  lostWhy: "下方是失联前的状态；恢复前不能操作。", language: "English", room: "会议室",
  busy: "正在执行", problem: "请求未被接受", noAnswer: "服务器没有答复，结果不明", noEvents: "还没有记录",
  noMicrophones: "此会议室没有话筒", noSources: "此会议室没有可选信号", model: "型号", driver: "驱动",
  firmware: "固件", serial: "序列号", close: "关闭", wanted: "应为", reads: "读到", active: "在用",
  deviceLost: "断开", deviceBack: "恢复连接", outside: "被外部改动", set: "设定",
  clock: "时间", noAnswerYet: "没有应答", video: "画面", audio: "声音", driven: "手动操作", stopped: "手动停止", serviceStart: "服务启动", serviceStop: "服务停止",
};

const EN = {
  ready: "Ready", running: "Running", confirmed: "Confirmed", failed: "Failed", unknown: "Unknown",
  superseded: "Superseded", skipped: "Already so", sent: "Sent, cannot be read", sending: "Sending",
  waiting: "Waiting", about: "about", steps: "steps", elsewhere: "from", serverLost: "Server lost",
  notTaken: "Not taken", noScenes: "This room has no scenes",
  microphones: "Microphones", camera: "Camera", sources: "Sources", devices: "Devices", events: "Events",
  scenes: "Scenes", pictures: "Pictures", rooms: "Rooms", tools: "Controls",
  live: "Open", muted: "Muted", mute: "Mute", unmute: "Open", fader: "level", nominal: "nominal", meter: "meter",
  toNominal: "Back to the nominal level", none: "None", dontKnow: "not read",
  up: "Up", down: "Down", isDown: "is down", read: "read", ago: "ago", never: "not read yet", stale: "Reading is old", for: "for",
  moving: "Moving", noPreset: "At no preset", preset: "Preset", layout: "Layout", source: "Source",
  settling: "Settling", power: "Power", blank: "Blank", output: "Output", tally: "Tally", focus: "Focus", menu: "Menu",
  aim: "Aim", signal: "Signal", window: "Window", input: "Input", open: "open", of: "of",
  on: "On", off: "Off", warming: "Warming up", cooling: "Cooling", auto: "Auto", manual: "Manual", true: "yes",
  false: "no",
  stop: "STOP", stopAll: "Stop cameras", pad: "Pan and tilt", zoom: "Zoom", zoomIn: "Zoom in", zoomOut: "Zoom out",
  presets: "Presets", padHint: "Hold and drag · arrows move · + − zoom · space stops", noCamera: "This room has no camera",
  pictureAge: "picture", noPicture: "No picture", noPictures: "This room has no pictures",
  online: "Connected", connecting: "Connecting to the server…", lost: "The server is lost", lostFor: "lost for",
  lostWhy: "Below is the last known state. Controls return with the server.", language: "中文",
  room: "Room", busy: "running", problem: "Not accepted", noAnswer: "The server did not answer: outcome unknown",
  noEvents: "No events yet", noMicrophones: "This room has no microphones", noSources: "Nothing to choose in this room",
  model: "Model", driver: "Driver", firmware: "Firmware", serial: "Serial", close: "Close", wanted: "wanted",
  reads: "reads", active: "In use",
  deviceLost: "lost", deviceBack: "is back", outside: "changed from outside", set: "Set",
  clock: "Time", noAnswerYet: "no answer", video: "video", audio: "audio", driven: "driven by hand", stopped: "stopped by hand",
  serviceStart: "Service started", serviceStop: "Service stopped",
};

/** Names that rooms give their presets and layouts. A name that is not here reads as it is written. */
const NAMES = {
  panorama: ["全景", "Panorama"], speaker: ["发言人", "Speaker"], chair: ["主席", "Chair"], podium: ["讲台", "Podium"],
  rostrum: ["主席台", "Rostrum"], guest: ["嘉宾", "Guest"], audience: ["听众席", "Audience"], quad: ["四画面", "Quad"],
  full: ["全屏", "Full"], wide: ["广角", "Wide"], home: ["初始位", "Home"],
};

/** Why a step went wrong, as the library says it. */
const REASONS = [
  [/^not sent by the deadline$/, "期限内未能发出"],
  [/^not read back by the deadline$/, "期限内未读到结果"],
  [/not reachable/, "设备无法连接"],
  [/refused/i, "设备拒绝"],
  [/no answer|did not answer|unanswered|silent|timed? ?out/i, "没有应答"],
  [/closed|reset|hung up|end of/i, "连接被关闭"],
  [/connect|dial|unreachable|no route/i, "无法建立连接"],
  [/busy/i, "设备忙"],
];

export const language = remembered("avctl.language", navigator.language.startsWith("zh") ? "zh" : "en");
const table = computed(() => (language.value === "zh" ? ZH : EN));

/** @param {keyof typeof ZH} key */
export const say = (key) => table.value[key] ?? key;
export const knows = (key) => key in table.value;

export function titleOf(thing) {
  const title = thing?.title;
  if (typeof title === "string") return title;
  return title?.[language.value] || title?.en || title?.zh || thing?.device || thing?.scene || "";
}

export function nameWords(name) {
  const known = Object.hasOwn(NAMES, name) && NAMES[name];
  return known ? known[language.value === "zh" ? 0 : 1] : String(name).replaceAll("-", " ");
}

export function reasonWords(text) {
  if (!text || language.value !== "zh") return text ?? "";
  const known = REASONS.find(([pattern]) => pattern.test(text));
  return known ? known[1] : text;
}

/** 2.34 s → "2 340 ms", grouped by no-break spaces. */
export function milliseconds(seconds) {
  return `${Math.round(seconds * 1000).toString().replace(/\B(?=(\d{3})+$)/g, "\u00a0")}\u00a0ms`;
}

/** An age or a span in its largest unit: "3 s", "12 min", "5 h". */
export function span(seconds) {
  if (seconds < 90) return `${Math.floor(seconds)}\u00a0s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)}\u00a0min`;
  return `${Math.round(seconds / 3600)}\u00a0h`;
}

/** "读于 2 s 前", "read 2 s ago". */
export function readAgo(age) {
  return age === null || age === undefined ? say("never") : `${say("read")} ${span(age)} ${say("ago")}`;
}

/** −6.0 with a true minus sign. */
export function decibels(level) {
  const text = Math.abs(level) < 0.05 ? "0.0" : Math.abs(level).toFixed(1);
  return level <= -0.05 ? `\u2212${text}` : text;
}

export function clockTime(date) {
  return date.toLocaleTimeString("en-GB");
}
