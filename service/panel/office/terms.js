/** Words that several office pages share. */

import { sayOf } from "../words.js";

const SHARED = {
  office: ["办公", "Office"],
  "page-schedule": ["日程", "Schedule"],
  "page-warm-ups": ["预热", "Warm-ups"],
  "page-meetings": ["会议", "Meetings"],
  "page-incidents": ["故障", "Incidents"],
  "page-inspections": ["巡检", "Inspections"],
  "page-ledger": ["台账", "Ledger"],
  "page-reports": ["报表", "Reports"],
  "page-people": ["人员", "People"],
  wholeSite: ["全部会议室", "The whole site"],
  allRooms: ["全部会议室", "All rooms"],
  back: ["返回", "Back"],
  more: ["更早的", "Older ones"],
  progress: ["进度", "Progress"],
  cancel: ["取消", "Cancel"],
  save: ["保存", "Save"],
  saved: ["已保存", "Saved"],
  by: ["操作人", "By"],
  optional: ["可不填", "optional"],
  began: ["开始", "Began"],
};

/** `say` for a page with words of its own. */
export const wordsOf = (own) => sayOf({ ...SHARED, ...own });
export const say = wordsOf({});
