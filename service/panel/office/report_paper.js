/** A report's content: figures, tables and charts. Each number that has evidence leads to its lines of the journal. */

import { useState } from "preact/hooks";

import { classes, html } from "../dom.js";
import { Icon } from "../icons.js";
import { press } from "../press.js";
import { language, titleOf } from "../words.js";
import { query } from "./api.js";
import { moment, timeToSecond } from "./dates.js";
import { say } from "./report_terms.js";

const DAY = /^\d{4}-\d\d-\d\d$/;
const AT_ONCE = 8; // rows of a long table
const FORMATS = ["docx", "xlsx", "pdf"];

export function Downloads({ path, asked = {} }) {
  return html`<div class="downloads" role="group" aria-label=${say("files")}>${FORMATS.map(
    (format) => html`<a key=${format} class="act" data-download=${format} download href=${query(path, { ...asked, format, language: language.value })}><${Icon}
      name="download" size=${18} /><span>${format}</span></a>`,
  )}</div>`;
}

/** A value as a person reads it. */
export function valueIn(form, value) {
  if (value === null || value === "") return form === "text" ? "" : "–";
  if (typeof value === "object") return value[language.value];
  if (typeof value === "string") return form === "moment" ? moment(value) : form === "instant" ? timeToSecond(value) : value;
  switch (form) {
    case "percent":
      return `${(value * 100).toFixed(2)}%`;
    case "hours":
    case "minutes":
      return value.toFixed(1);
    case "seconds":
      return value.toFixed(3);
    default:
      return String(Number(value.toPrecision(6)));
  }
}

const UNITS = { hours: "h", minutes: "min", seconds: "s" };
const NUMBERS = new Set(["count", "number", "percent", "hours", "minutes", "seconds"]);
const withUnit = (form, value) =>
  [valueIn(form, value), value !== null && UNITS[form]].filter(Boolean).join(" ");

/** @param {{document: object, onTrace?: Function, written?: (section: string) => unknown}} properties */
export function Paper({ document, onTrace, written }) {
  return document.sections.map(
    (section) => html`<section class="card paper" key=${section.section} data-section=${section.section}><h2 class="paper-title">${titleOf(section)}</h2>
      ${section.lead && html`<p>${section.lead[language.value]}</p>`}
      ${section.figures.length > 0 && html`<div class="paper-figures">${section.figures.map((figure) => html`<${Figure} key=${figure.figure} figure=${figure} onTrace=${onTrace} />`)}</div>`}
      ${written?.(section.section)}
      ${section.charts.map((chart) => html`<${Chart} key=${chart.chart} chart=${chart} table=${tableOf(document, chart.table)} />`)}
      ${section.tables.map((table) => html`<${Table} key=${table.table} table=${table} onTrace=${onTrace} />`)}
      ${section.pictures.map((picture) => html`<figure key=${picture.picture} class="paper-picture"><figcaption>${titleOf(picture)}</figcaption>
        <img src=${`data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.svg)}`} alt=${titleOf(picture)} /></figure>`)}</section>`,
  );
}

const tableOf = (document, name) => document.sections.flatMap(({ tables }) => tables).find(({ table }) => table === name);

function Figure({ figure, onTrace }) {
  const traced = onTrace && figure.evidence.count > 0;
  const words = html`<b>${withUnit(figure.form, figure.value)}</b><span>${titleOf(figure)}</span>`;
  if (!traced) return html`<p class="paper-figure" data-figure=${figure.figure}>${words}</p>`;
  return html`<button type="button" class="paper-figure" data-figure=${figure.figure}
    ...${press(() => onTrace({ title: titleOf(figure), asked: { figure: figure.figure } }))}>${words}</button>`;
}

function Table({ table, onTrace }) {
  const [whole, setWhole] = useState(table.rows.length <= AT_ONCE + 2);
  const rows = whole ? table.rows : table.rows.slice(0, AT_ONCE);
  return html`<div class="paper-table" data-table=${table.table}><h3>${titleOf(table)}</h3><div class="paper-scroll"><table>
    <thead><tr>${table.columns.map(
      (column) => html`<th key=${column.column} scope="col" class=${classes(NUMBERS.has(column.form) && "number")}>${titleOf(column)}${UNITS[column.form] ? ` (${UNITS[column.form]})` : ""}</th>`,
    )}</tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr key=${row.row}>${row.cells.map(
        (cell, n) => html`<${Cell} key=${n} table=${table} row=${row} column=${table.columns[n]} cell=${cell} onTrace=${onTrace} />`,
      )}</tr>`,
    )}</tbody></table></div>
    ${!whole && html`<button type="button" class="act is-quiet" data-action="all-rows" ...${press(() => setWhole(true))}>${say("allRows")} ${table.rows.length}</button>`}
    ${table.note && html`<p class="soft">${table.note[language.value]}</p>`}</div>`;
}

function Cell({ table, row, column, cell, onTrace }) {
  const words = valueIn(column.form, cell.value);
  const number = NUMBERS.has(column.form) && "number";
  if (!onTrace || !cell.evidence?.count) return html`<td class=${classes(number)}>${words}</td>`;
  const asked = { table: table.table, row: row.row, column: column.column };
  return html`<td class=${classes(number)}><button type="button" class="traced" data-cell=${`${row.row} ${column.column}`}
    ...${press(() => onTrace({ title: `${titleOf(column)} · ${words}`, asked }))}>${words}</button></td>`;
}

/** Columns of a table as bars of the page itself: nothing is drawn that no table says. */
function Chart({ chart, table }) {
  if (!table) return null;
  const place = (name) => table.columns.findIndex(({ column }) => column === name);
  const series = chart.series.map((name) => ({ at: place(name), column: table.columns[place(name)] }));
  const rows = table.rows.slice(0, chart.most);
  const of = (row, { at }) => (typeof row.cells[at].value === "number" ? row.cells[at].value : 0);
  const sum = (row) => series.reduce((total, each) => total + of(row, each), 0);
  const most = Math.max(...rows.map((row) => (chart.stacked ? sum(row) : Math.max(...series.map((each) => of(row, each))))), 0);
  if (!most) return null;
  const labels = chart.label.map(place);
  const labelOf = (row) => {
    const words = labels.map((at) => valueIn(table.columns[at].form, row.cells[at].value)).join(" ");
    return chart.shape === "columns" && DAY.test(words) ? words.slice(-2) : words;
  };
  const bar = (row, each, n) =>
    html`<span key=${n} class=${`chart-bar is-series-${n % 4}`} title=${`${titleOf(each.column)} ${withUnit(each.column.form, of(row, each))}`}
      style=${`--part:${of(row, each) / most}`}></span>`;
  return html`<figure class=${classes("chart", `is-${chart.shape}`, chart.stacked && "is-stacked")} data-chart=${chart.chart}><figcaption>${titleOf(chart)}
      ${series.length > 1 && html`<span class="legend">${series.map((each, n) => html`<span key=${n}><i class=${`is-series-${n % 4}`}></i>${titleOf(each.column)}</span>`)}</span>`}</figcaption>
    <div class="chart-rows" role="img" aria-label=${titleOf(chart)}>${rows.map(
      (row) => html`<div key=${row.row} class="chart-row"><span class="chart-bars">${series.map((each, n) => bar(row, each, n))}</span>
        <span class="chart-label">${labelOf(row)}</span>
        ${chart.shape === "bars" && html`<span class="chart-value">${series.map((each) => valueIn(each.column.form, of(row, each))).join(" / ")}</span>`}</div>`,
    )}</div></figure>`;
}
