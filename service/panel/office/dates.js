/** Days and times as the site's clocks show them, whatever zone the browser is in. */

import { site } from "../state.js";
import { language } from "../words.js";

const locale = () => (language.value === "zh" ? "zh-CN" : "en-GB");
const zone = () => site.value?.timezone || "UTC";
const written = (at, how) => new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...how }).format(at);

/** A date without a time is the same day everywhere. */
const ofDay = (day, how) =>
  new Intl.DateTimeFormat(locale(), { timeZone: "UTC", ...how }).format(new Date(`${day}T00:00:00Z`));

/** "2026-11-25" of a moment, at the site. */
export const dayOf = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone() }).format(new Date(at));
export const today = () => dayOf(Date.now());

/** "07:05" */
export const time = (at) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone(), hour: "2-digit", minute: "2-digit" }).format(new Date(at));
/** "07:05:09" */
export const timeToSecond = (at) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone(), timeStyle: "medium" }).format(new Date(at));
/** "25 Nov 07:05", with the year where it is another. */
export function moment(at) {
  if (!at) return "";
  const when = new Date(at);
  const year = dayOf(when).slice(0, 4) === today().slice(0, 4) ? {} : { year: "numeric" };
  return `${written(when, { day: "numeric", month: language.value === "zh" ? "long" : "short", ...year })} ${time(when)}`;
}
/** "Wednesday 25 November" */
export const dayTitle = (day) => ofDay(day, { weekday: "long", day: "numeric", month: "long" });
export const monthTitle = (month) => ofDay(`${month}-01`, { month: "long", year: "numeric" });
/** Monday first. */
export const weekdays = () =>
  [0, 1, 2, 3, 4, 5, 6].map((n) => ofDay(`2024-01-0${n + 1}`, { weekday: "short" }));
/** 0 is Monday. */
export const weekday = (day) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

export function monthAfter(month, months) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}
export const dayAfter = (day, days) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** "1 h 05 min", "12 min", "40 s" */
export function lasted(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "";
  if (seconds < 90) return `${Math.round(seconds)}\u00a0s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}\u00a0h ${String(minutes % 60).padStart(2, "0")}\u00a0min`;
  const days = Math.round(hours / 24);
  return language.value === "zh" ? `${days}\u00a0天` : `${days}\u00a0days`;
}
export const between = (since, until) => (Date.parse(until) - Date.parse(since)) / 1000;

/** What `<input type="datetime-local">` gives, at the site, as a moment; undefined where nothing was given. */
export function momentOf(local) {
  if (!local) return undefined;
  const guess = new Date(`${local}:00Z`);
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone(), dateStyle: "short", timeStyle: "medium" }).format(guess);
  const ahead = Date.parse(`${shown.replace(" ", "T")}Z`) - guess.getTime();
  return new Date(guess.getTime() - ahead).toISOString();
}
