/** The fader's scale: dB against height, widest where speech is mixed. Pure. */

export const LOWEST = -60;
export const HIGHEST = 12;
export const MARKS = [12, 6, 0, -6, -12, -20, -30, -40, -60];

const KNEES = [
  [-60, 0],
  [-40, 0.14],
  [-30, 0.25],
  [-20, 0.4],
  [-12, 0.55],
  [0, 0.8],
  [12, 1],
];

export const clamp = (level) => Math.min(HIGHEST, Math.max(LOWEST, level));

function between(value, from, to) {
  const at = KNEES.findIndex((knee, index) => index && value <= knee[from]);
  const [low, high] = [KNEES[at - 1], KNEES[at]];
  return low[to] + ((value - low[from]) / (high[from] - low[from])) * (high[to] - low[to]);
}

/** 0 at the bottom to 1 at the top. */
export const heightOf = (level) => between(clamp(level), 0, 1);
export const levelAt = (height) => between(Math.min(1, Math.max(0, height)), 1, 0);
