/** A point of a series: when its interval began, milliseconds since 1970, and its values. */
export interface SeriesPoint {
  timeMs: number;
  values: Float64Array;
}

/** How exact values are kept. */
export type Precision = 'double' | 'single';

/** So many of the latest points, as columns: all memory is taken at once, and none after. */
export class PointRing {
  readonly capacity: number;
  /** Points that were ever pushed. */
  pushed = 0;
  readonly #fields: number;
  readonly #times: Float64Array;
  readonly #values: Float64Array | Float32Array;

  constructor(capacity: number, fields: number, precision: Precision) {
    this.capacity = capacity;
    this.#fields = fields;
    this.#times = new Float64Array(capacity);
    const cells = capacity * fields;
    this.#values = precision === 'double' ? new Float64Array(cells) : new Float32Array(cells);
  }

  push(timeMs: number, values: Float64Array): void {
    const at = this.pushed % this.capacity;
    this.#times[at] = timeMs;
    this.#values.set(values, at * this.#fields);
    this.pushed++;
  }

  /** Points after the first `seen` that were ever pushed, oldest first, as far as they are kept. */
  *after(seen: number): Generator<SeriesPoint> {
    for (let number = Math.max(seen, this.pushed - this.capacity); number < this.pushed; number++) {
      const at = number % this.capacity;
      const values = Float64Array.from(this.#values.subarray(at * this.#fields, (at + 1) * this.#fields));
      yield { timeMs: this.#times[at], values };
    }
  }

  /** How many points were pushed before the first of those kept that is not older than a time. */
  pushedBefore(timeMs: number): number {
    let number = this.pushed;
    const oldest = Math.max(0, this.pushed - this.capacity);
    while (number > oldest && this.#times[(number - 1) % this.capacity] >= timeMs) number--;
    return number;
  }
}
