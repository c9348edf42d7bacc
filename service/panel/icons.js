/** Icons: strokes on a 24 by 24 grid, in the colour of the text around them. */

import { html } from "./dom.js";

const STROKES = {
  // verdicts
  confirmed: "M4.5 12.5l5 5 10-11",
  failed: "M6 6l12 12M18 6L6 18",
  unknown: "M9 9.2a3.1 3.1 0 1 1 4.6 2.7c-1 .6-1.6 1.2-1.6 2.5M12 18.2v.1",
  superseded: "M4 12h11M11 7l5 5-5 5M20 6v12",
  skipped: "M5 12h14",
  sent: "M20.5 3.5L3.5 10.4l6.8 3.3 3.3 6.8zM20.5 3.5L10.3 13.7",
  ready: "M12 12h.01",
  running: "M12 3.5a8.5 8.5 0 1 0 8.5 8.5",
  // scenes
  speech:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.8 20c.4-3.6 3-5.5 6.2-5.5s5.8 1.9 6.2 5.5M16 6.5c1.4 1.4 1.4 4 0 5.4M18.6 4c2.8 2.8 2.8 7.6 0 10.4",
  room: "M3 5.5h18v13H3zM3 15l4.5-4 3.5 3 4-4.5 6 5.5",
  backup:
    "M7 4L3.5 7.5 7 11M3.5 7.5h12a5 5 0 0 1 5 5M17 20l3.5-3.5L17 13M20.5 16.5h-12a5 5 0 0 1-5-5",
  content: "M4.5 5h15v11h-15zM2 19.5h20M8.5 9h7M8.5 12h4.5",
  scene: "M4 5h16v10H4zM8 19h8",
  // devices
  camera: "M3 7.5h11.5v9H3zM14.5 11l6-3.2v8.4l-6-3.2",
  router: "M3 7h4.5l9 10H21M3 17h4.5l9-10H21M18.5 4.5L21 7l-2.5 2.5M18.5 14.5L21 17l-2.5 2.5",
  mixer: "M6 4v8M6 16v4M12 4v3M12 11v9M18 4v9M18 17v3M4 14h4M10 9h4M16 15h4",
  wall: "M3 4.5h18v15H3zM12 4.5v15M3 12h18",
  projector:
    "M3 8h18v9H3zM15.5 12.5a2.2 2.2 0 1 0 4.4 0 2.2 2.2 0 0 0-4.4 0M6 11h4M6.5 17v2M17.5 17v2",
  power: "M12 3.5v8M7 6.4a7.5 7.5 0 1 0 10 0",
  device: "M4 5.5h16v13H4zM7.5 15h.01M11 15h.01",
  // panes and actions
  mic: "M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  micOff:
    "M15 10V6.5a3 3 0 0 0-5.8-1M9 9.5v2a3 3 0 0 0 4.6 2.5M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.5 11.5c0 .8-.1 1.5-.4 2.2M12 18v3M4 4l16 16",
  devices: "M3.5 4.5h7v7h-7zM13.5 4.5h7v7h-7zM3.5 14.5h7v5h-7zM13.5 14.5h7v5h-7z",
  outside: "M4 12h12M11 7l5 5-5 5M20 4v16",
  events: "M12 7v5l3.2 2M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0",
  stop: "M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2z",
  up: "M6 14.5l6-6 6 6",
  zoomIn:
    "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5M10.5 7.8v5.4M7.8 10.5h5.4",
  zoomOut: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5M7.8 10.5h5.4",
  lost: "M3 3l18 18M8.5 15.5a5 5 0 0 1 6.2-.7M5 11.8a10 10 0 0 1 4-2.4M19 11.8a10 10 0 0 0-5.5-2.9M12 19h.01",
  online:
    "M8.5 15.5a5 5 0 0 1 7 0M5 11.8a10 10 0 0 1 14 0M1.8 8.2a14.5 14.5 0 0 1 20.4 0M12 19h.01",
  picture: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5",
  close: "M6 6l12 12M18 6L6 18",
  store: "M12 3.5v10M7.5 9.5l4.5 4.5 4.5-4.5M4 15.5v4.5h16v-4.5",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.6v.1",
  warning: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.3v.1",
  shield: "M12 3l7.5 2.8v5.7c0 4.6-3.1 7.9-7.5 9.5-4.4-1.6-7.5-4.9-7.5-9.5V5.8zM12 8.5v5M12 16.3v.1",
  play: "M7 4.5l12 7.5-12 7.5z",
  office: "M4 20.5v-17h16v17zM8 8h8M8 12h8M8 16h5",
  calendar: "M4 5.5h16v15H4zM4 10h16M8.5 3v4M15.5 3v4M8 14h.01M12 14h.01M16 14h.01M8 17h.01M12 17h.01",
  meeting:
    "M12 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM5 11.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 11.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 20c.3-4 2-6.5 5-6.5s4.7 2.5 5 6.5M1.8 18c.2-2.5 1.2-4 3.4-4M22.2 18c-.2-2.5-1.2-4-3.4-4",
  incident: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5v5.5M12 16.3v.1",
  inspection: "M9 4.5H5v16h14v-16h-4M9 3h6v3.5H9zM8.5 13.5l2.5 2.5 4.5-5",
  ledger: "M5 3.5h14v17H5zM5 8.5h14M9.5 8.5v12M12.5 12.5h3.5M12.5 16.5h3.5",
  report: "M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 17v-3M12.5 17v-5.5M16 17v-2",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.8 3-6 6.5-6s6.1 2.2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.8 3.5 5.5",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  plus: "M12 5v14M5 12h14",
  find: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5",
  download: "M12 3.5v11M7.5 10.5l4.5 4.5 4.5-4.5M4 20h16",
  upload: "M12 15V4M7.5 8.5L12 4l4.5 4.5M4 20h16",
  photo: "M3 7.5h4.5l1.5-3h6l1.5 3H21v12H3zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  edit: "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
  check: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5",
};

/** @param {{name: keyof typeof STROKES, size?: number}} properties */
export function Icon({ name, size = 20 }) {
  return html`<svg class=${`icon icon-${name}`} width=${size} height=${size} viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"><path d=${STROKES[name] ?? STROKES.device} /></svg>`;
}

const SCENES = new Set(["speech", "room", "backup", "content"]);
export const sceneIcon = (colour) => (SCENES.has(colour) ? colour : "scene");

const KINDS = ["camera", "mixer", "wall", "router", "projector", "power"];
export const deviceIcon = (device) =>
  KINDS.find((kind) => device.capabilities.includes(kind)) ?? "device";
