/** The meetings' words. */

import { wordsOf } from "./terms.js";

export const say = wordsOf({
  noneYet: ["还没有会议记录", "No meetings on record yet"],
  lasted: ["时长", "Lasted"],
  begunBy: ["发起", "Begun by"],
  endedBy: ["结束人", "Ended by"],
  planned: ["未来七天的日历", "Planned, next seven days"],
  nothingPlanned: ["日历中没有会议", "Nothing in the calendars"],
  plannedEnd: ["计划结束", "Planned end"],
  "source-calendar": ["日历", "Calendar"],
  "source-call": ["呼叫", "Call"],
  figures: ["数据", "Figures"],
  timeline: ["经过", "What happened"],
  itsLines: ["对应的日志", "lines of the journal"],
  noLines: ["对应的日志不在此会议室", "Its lines are not in this log"],
  note: ["记一条", "A note"],
  putDown: ["记入", "Put it down"],
  attendanceAndRemarks: ["到会与备注", "Attendance and remarks"],
  present: ["到会人数", "How many were there"],
  attendance: ["到会情况", "Who was there"],
  remarks: ["备注", "Remarks"],
  "figure-takes": ["执行场景", "Takes"],
  "figure-confirmed": ["已确认", "Confirmed"],
  "figure-unconfirmed": ["未确认", "Not confirmed"],
  "figure-median": ["中位用时", "Median time"],
  "figure-worst": ["最长用时", "Longest"],
  "figure-faults": ["故障", "Faults"],
  "figure-changeovers": ["切换", "Changeovers"],
  "figure-outside": ["外部改动", "Outside changes"],
  "figure-notes": ["记录", "Notes"],
  "figure-incidents": ["故障单", "Incidents"],
});

export const FIGURES = [
  "takes", "confirmed", "unconfirmed", "median", "worst", "faults", "changeovers", "outside", "incidents", "notes",
];

/** Kind of a line → its icon. */
export const SIGNS = {
  tap: "play",
  verdict: "check",
  interrupted: "stop",
  device: "devices",
  pair: "backup",
  outside: "outside",
  incident: "shield",
  alarm: "warning",
  "incident-log": "incident",
  meeting: "meeting",
};
