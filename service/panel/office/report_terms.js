/** The reports' words. */

import { language } from "../words.js";
import { monthTitle } from "./dates.js";
import { wordsOf } from "./terms.js";

export const say = wordsOf({
  make: ["编制报表", "Make a report"],
  makeDraft: ["生成草稿", "Make a draft"],
  preview: ["预览", "Preview"],
  previewMeans: ["预览，尚未编制", "as it would be now; not made yet"],
  report: ["报表", "Report"],
  kind: ["种类", "Kind"],
  period: ["期间", "Period"],
  state: ["状态", "State"],
  all: ["全部", "All"],
  noneYet: ["还没有报表", "No reports yet"],
  madeBy: ["编制", "Made by"],
  reviewedBy: ["审批", "Reviewed by"],
  "state-draft": ["草稿", "Draft"],
  "state-submitted": ["待审批", "Submitted"],
  "state-returned": ["已退回", "Returned"],
  "state-approved": ["已批准", "Approved"],
  "way-month": ["月", "Month"],
  "way-half": ["半年", "Half-year"],
  "way-week": ["周", "Week"],
  "way-day": ["日", "Day"],
  "way-other": ["其他", "Other"],
  year: ["年份", "Year"],
  half: ["半年", "Half"],
  firstHalf: ["上半年", "First"],
  secondHalf: ["下半年", "Second"],
  otherMeans: [
    "如 2026、2026Q3、2026-11-01..2026-11-15，或会议、故障单编号",
    "2026, 2026Q3, 2026-11-01..2026-11-15, or the number of a meeting or an incident",
  ],
  makingFiles: ["正在生成文件", "Its files are being made"],
  files: ["下载", "Files"],
  submitMeans: ["提交后数据冻结，等待甲方审批。", "Submitting freezes the figures and hands it over for approval."],
  holdToSubmit: ["按住提交", "Hold to submit"],
  submittedBy: ["提交人", "Submitted by"],
  submitted: ["提交时间", "Submitted"],
  reviewMeans: ["由提交人以外的人审批；批准后永久冻结。", "Another person than who submitted it approves it; then it stands for good."],
  reviewRemarks: ["审批意见", "Remarks"],
  giveBack: ["退回", "Return it"],
  holdToApprove: ["按住批准", "Hold to approve"],
  approvedBy: ["批准人", "Approved by"],
  approved: ["批准时间", "Approved"],
  checkIt: ["核对数据与文件", "Check figures and files"],
  same: ["与日志和文件一致", "As the journal and the files say"],
  notSame: ["不一致", "Not the same"],
  history: ["经过", "History"],
  "event-made": ["编制", "Made"],
  "event-edited": ["修改文字", "Text written"],
  "event-submitted": ["提交", "Submitted"],
  "event-returned": ["退回", "Returned"],
  "event-approved": ["批准", "Approved"],
  "text-summary": ["概述", "Summary"],
  "text-remarks": ["说明", "Remarks"],
  inChinese: ["中文", "In Chinese"],
  inEnglish: ["英文", "In English"],
  nothingWritten: ["尚未填写", "Nothing written yet"],
  edit: ["修改", "Edit"],
  write: ["填写", "Write"],
  lines: ["条日志", "lines of the journal"],
  allRows: ["全部行：", "All rows:"],
  moreLines: ["更多", "More"],
});

export const STATES = { draft: "ready", submitted: "running", returned: "unknown", approved: "confirmed" };

/** "November 2026" for 2026-11, "2026 H2" for 2026H2; what is none of these as it is written. */
export function periodTitle(period) {
  if (/^\d{4}-\d\d$/.test(period)) return monthTitle(period);
  const [, year, half] = period.match(/^(\d{4})H([12])$/) ?? [];
  if (year) return language.value === "zh" ? `${year}年${half === "1" ? "上" : "下"}半年` : `${half === "1" ? "First" : "Second"} half of ${year}`;
  const [, of, week] = period.match(/^(\d{4})-W(\d\d)$/) ?? [];
  if (week) return language.value === "zh" ? `${of}年第${Number(week)}周` : `Week ${Number(week)} of ${of}`;
  return period;
}
