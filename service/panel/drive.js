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
  #under = null; // the request that is not answered yet
  #pausing = false;
  #said = STILL; // what the camera was told last

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
    if (this.#pausing) return;
    this.#pausing = true;
    this.#said = this.#motion;
    await this.#tell(this.#motion);
    await new Promise((resolve) => setTimeout(resolve, TURN));
    this.#pausing = false;
    if (this.moves && distance(this.#motion, this.#said) > 0) this.#send();
  }

  async #tell(motion) {
    const abort = (this.#under = new AbortController());
    const late = setTimeout(() => abort.abort(), 3 * AGAIN);
    await drive(this.#room, this.#camera, motion, abort.signal).catch(() => {});
    clearTimeout(late);
    if (this.#under === abort) this.#under = null;
  }

  /** Stop, whatever is known of the camera: also what another panel has set in motion. */
  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#motion = this.#said = STILL;
    const overtaken = this.#under;
    this.#under = null;
    overtaken?.abort();
    const first = stop(this.#room, this.#camera);
    if (overtaken)
      setTimeout(() => this.moves || stop(this.#room, this.#camera).catch(() => {}), 100);
    return first;
  }
}
