/** The inspections' words, and how their results look. */

import { wordsOf } from "./terms.js";

export const say = wordsOf({
  inspection: ["巡检", "Inspection"],
  inspectionsMean: ["设备自行报告的逐项读取，其余由人查看。", "What devices tell is read; the rest a person looks at."],
  begin: ["开始巡检", "Begin an inspection"],
  beginMeans: [
    "读取各设备状态约需数秒；没有会议时，摄像机会走一遍预置位。",
    "Reading the devices takes some seconds; where no meeting is on, cameras go to their presets and back.",
  ],
  inspectedAlready: ["正在巡检", "is being inspected already"],
  noneYet: ["还没有巡检记录", "No inspections on record"],
  state: ["进展", "Progress"],
  result: ["结果", "Result"],
  read: ["设备检查项", "Items read"],
  "state-reading": ["正在读取设备", "Reading the devices"],
  "state-closed": ["已完成", "Closed"],
  toLookAt: ["项待查看", "to look at"],
  allAnswered: ["全部已查看", "all looked at"],
  "result-good": ["正常", "good"],
  "result-watch": ["关注", "watch"],
  "result-fault": ["故障", "fault"],
  "result-skipped": ["未检", "skipped"],
  holdToClose: ["按住结束巡检", "Hold to close it as it stands"],
  whatDevicesTold: ["设备读数", "What the devices told"],
  whatPeopleSee: ["现场查看", "What a person looks at"],
  notGood: ["非正常", "Not good"],
  all: ["全部", "All"],
  allGood: ["各项正常", "All good"],
  incident: ["故障单", "Incident"],
  remark: ["备注", "Remark"],
  remarkMeans: ["备注，随结论一起保存", "Remark: kept with the answer"],
  photo: ["照片", "Photo"],
  photoAsked: ["请拍照", "Photo, please"],
});

/** The worst first. */
export const RESULTS = ["fault", "watch", "skipped", "good"];
export const STATES = { good: "confirmed", watch: "unknown", fault: "failed", skipped: "skipped" };
