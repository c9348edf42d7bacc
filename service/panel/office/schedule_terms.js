/** The schedule's words, and how its outcomes look. */

import { wordsOf } from "./terms.js";

export const say = wordsOf({
  monthBefore: ["上一月", "The month before"],
  monthAfter: ["下一月", "The month after"],
  today: ["今天", "Today"],
  holiday: ["休", "off"],
  workedDay: ["班", "worked"],
  now: ["正在进行", "Running now"],
  putOff: ["已推迟", "Put off"],
  nothingDue: ["当天没有任务", "Nothing is due on this day"],
  noJobs: ["尚未设置任何定时任务", "No jobs are set up for this site"],
  jobs: ["定时任务", "Jobs"],
  next: ["下次", "Next"],
  neverAgain: ["不再到期", "Not due again"],
  runNow: ["立即执行", "Run now"],
  holdToRun: ["按住立即执行", "Hold to run it now"],
  begun: ["已开始", "begun"],
  holdToSkip: ["按住跳过这一次", "Hold to leave this one out"],
  askedWhy: ["到期时服务不在运行。现在执行吗？", "The service was away when this was due. Shall it run now?"],
  leaveOut: ["跳过", "Leave it out"],
  runIt: ["执行", "Run it"],
  itsWarmUps: ["查看预热记录", "See the warm-ups"],
  "outcome-to-come": ["待执行", "To come"],
  "outcome-open": ["进行中", "Running"],
  "outcome-done": ["完成", "Done"],
  "outcome-failed": ["失败", "Failed"],
  "outcome-asked": ["待答复", "To be answered"],
  "outcome-skipped": ["已跳过", "Left out"],
  "outcome-missed": ["错过", "Missed"],
  "outcome-interrupted": ["中断", "Interrupted"],
});

/** Outcome → the state that colours it. */
export const STATES = {
  "to-come": "ready",
  open: "running",
  done: "confirmed",
  failed: "failed",
  asked: "unknown",
  skipped: "skipped",
  missed: "failed",
  interrupted: "unknown",
};
export const ICONS = {
  "to-come": "events",
  open: "running",
  done: "confirmed",
  failed: "failed",
  asked: "unknown",
  skipped: "skipped",
  missed: "warning",
  interrupted: "stop",
};
