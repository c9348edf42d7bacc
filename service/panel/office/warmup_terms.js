/** The words of the warm-ups' pages. */

import { wordsOf } from "./terms.js";

export const say = wordsOf({
  warmUpsMean: ["每间会议室每月至少一次，全部就绪后保持十分钟。", "Every room at least once a month, held for ten minutes with everything on."],
  lastOfEach: ["各室最近一次", "Last of each room"],
  beginInRoom: ["到会议室开始预热", "Begin one in its room"],
  noneYet: ["此会议室还没有预热记录", "This room has not been warmed up yet"],
  noRoomWarmsUp: ["没有可预热的会议室", "No room of this site warms up"],
  "never-warmed": ["尚无预热记录", "never yet"],
  verdict: ["结论", "Verdict"],
  heldFor: ["保持", "Held"],
  usable: ["可用设备", "Usable"],
  lastReady: ["全部就绪用时", "All ready after"],
  leftOn: ["未关机", "Left on"],
  openPicture: ["打开记录图", "Open the picture"],
  proofOf: ["预热记录图：各设备随时间的状态和结论", "Every device over time, and the verdicts"],
  device: ["设备", "Device"],
  minutesOn: ["开机分钟", "Minutes on"],
  readyAfter: ["就绪用时", "Ready after"],
  samples: ["采样", "Samples"],
  retried: ["重试一次", "second attempt"],
  holdToAccept: ["按住确认为新设备", "Hold: this is the right device"],
  happened: ["过程", "What happened"],
  "state-running": ["进行中", "Under way"],
  "state-good": ["全部可用", "All usable"],
  "state-bad": ["有设备异常", "Devices failed"],
  "state-incomplete": ["未完成", "Incomplete"],
});

/** How a warm-up stands → the state that colours it. */
export const STATES = { running: "running", good: "confirmed", bad: "failed", incomplete: "unknown" };
