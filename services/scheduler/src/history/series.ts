import { PointRing, type Precision } from './point-ring.ts';

/** One resolution of a series: what a point covers, and how many are kept. */
export interface Resolution {
  seconds: number;
  kept: number;
}

/** What a series has. */
export interface SeriesLayout {
  /** Values that are counted: the sum over an interval. They come first. */
  counted: number;
  /** Values that go up and down: the mean over an interval. */
  means: number;
  /** Finest first; each a multiple of the one before. */
  resolutions: readonly Resolution[];
  precision: Precision;
}

interface Level {
  spanMs: number;
  ring: PointRing;
  /** Which interval is open. */
  slot: number;
  sums: Float64Array;
  samples: number;
}

/**
 * Values over time at several resolutions. Samples go into the finest; each of its points, when its interval is over,
 * is a sample of the next. Costs the same whatever the values stand for, and takes no memory once it is made.
 */
export class Series {
  readonly #counted: number;
  readonly #levels: Level[];

  constructor({ counted, means, resolutions, precision }: SeriesLayout) {
    this.#counted = counted;
    this.#levels = resolutions.map(({ seconds, kept }) => ({
      spanMs: seconds * 1000,
      ring: new PointRing(kept, counted + means, precision),
      slot: 0,
      sums: new Float64Array(counted + means),
      samples: 0,
    }));
  }

  /** Adds a sample: values in the order of the layout. */
  add(timeMs: number, values: ArrayLike<number>): void {
    this.#add(0, timeMs, values);
  }

  /** Time has gone on to `nowMs`: intervals that are over become points. */
  advance(nowMs: number): void {
    this.#levels.forEach((level, at) => {
      if (level.samples > 0 && Math.floor(nowMs / level.spanMs) !== level.slot) this.#close(at);
    });
  }

  /** The points of a resolution. @throws RangeError when there is none of so many seconds */
  points(seconds: number): PointRing {
    const level = this.#levels.find(({ spanMs }) => spanMs === seconds * 1000);
    if (level === undefined) throw new RangeError(`no points of ${seconds} s`);
    return level.ring;
  }

  #add(at: number, timeMs: number, values: ArrayLike<number>): void {
    const level = this.#levels[at];
    if (level === undefined) return;
    const slot = Math.floor(timeMs / level.spanMs);
    if (level.samples > 0 && slot !== level.slot) this.#close(at);
    level.slot = slot;
    level.samples++;
    for (let field = 0; field < level.sums.length; field++) level.sums[field] += values[field];
  }

  #close(at: number): void {
    const { ring, slot, spanMs, sums, samples } = this.#levels[at];
    const values = sums.map((sum, field) => (field < this.#counted ? sum : sum / samples));
    ring.push(slot * spanMs, values);
    this.#add(at + 1, slot * spanMs, values);
    sums.fill(0);
    this.#levels[at].samples = 0;
  }
}
