/**
 * Driving a camera: repeated while held, since the service lets a camera move for one second only, and stopped for sure.
 * A motion that is under way when the stop goes out might arrive after it: it is called off, and the stop sent again.
 */

import { drive, stop } from "./api.js";

const AGAIN = 300; // ms
const TURN = 80; // ms between two drives while the stick turns
const STILL = { pan: 0, tilt: 0, zoom: 0 };

const distance = (one, other) =>
  Math.abs(one.pan - other.pan) + Math.abs(one.tilt - other.tilt) + Math.abs(one.zoom - other.zoom);

export class Drive {
  #room;
  #camera;
  #motion = STILL;
  #timer = 0;
  #under = null;

  constructor(room, camera) {
    this.#room = room;
    this.#camera = camera;
  }

  get moves() {
    return this.#timer !== 0;
  }

  /** Move so, from now on. @param {{pan?: number, tilt?: number, zoom?: number}} motion each -1 to 1 */
  move(motion) {
    const before = this.#motion;
    this.#motion = { ...before, ...motion };
    if (distance(this.#motion, STILL) === 0) return this.moves ? this.stop() : undefined;
    const starts = !this.moves;
    if (starts) this.#timer = setInterval(() => this.#send(), AGAIN);
    if (starts || distance(this.#motion, before) > 0) this.#send();
    return undefined;
  }

  async #send() {
    if (this.#under) return;
    const abort = (this.#under = new AbortController());
    const late = setTimeout(() => abort.abort(), 3 * AGAIN);
    const sent = this.#motion;
    await drive(this.#room, this.#camera, sent, abort.signal).catch(() => {});
    clearTimeout(late);
    await new Promise((resolve) => setTimeout(resolve, TURN));
    if (this.#under !== abort) return;
    this.#under = null;
    if (this.moves && distance(this.#motion, sent) > 0) this.#send();
  }

  /** Stop, whatever is known of the camera: also what another panel has set in motion. */
  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#motion = STILL;
    const overtaken = this.#under;
    this.#under = null;
    overtaken?.abort();
    const first = stop(this.#room, this.#camera);
    if (overtaken)
      setTimeout(() => this.moves || stop(this.#room, this.#camera).catch(() => {}), 100);
    return first;
  }
}
