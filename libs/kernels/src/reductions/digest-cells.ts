import type { NumberArray } from '@hyperslab/array';
import { compress, createDigest, type Digest, mergeSorted, mostCentroids } from './t-digest.ts';

/** Values of a cell that are held before they are made centroids; as many are exact. */
export const mostHeld = 256;
/** Bytes of the weights and extremes of a cell that has centroids. */
export const centroidBytes = 8 * (mostCentroids + 2);

/** As typed arrays, for travel. Values and weights are packed cell by cell. */
export interface PackedCells {
  held: NumberArray;
  /** How many values of each cell are held. */
  used: Uint16Array;
  /** How many of them, the first, are means of centroids, in ascending order; the others are single values. */
  centroids: Uint16Array;
  weights: Float64Array;
  /** Extremes of what centroids stand for; of no length when no cell has centroids. */
  least: Float64Array;
  most: Float64Array;
}

/**
 * A digest of each cell: single values, and centroids once they get many. Value k of a cell is at k * cells + cell, so that what
 * a row of a tile adds to a row of cells lies together.
 */
export class DigestCells {
  readonly cells: number;
  /** Of each cell, `room` values. */
  held: NumberArray;
  room: number;
  readonly used: Uint16Array;
  readonly centroids: Uint16Array;
  private weights = new Float64Array(0);
  private least = new Float64Array(0);
  private most = new Float64Array(0);
  private readonly singles = createDigest(mostHeld);
  private readonly means = createDigest(mostCentroids);

  constructor(held: NumberArray, used: Uint16Array, centroids: Uint16Array) {
    this.cells = used.length;
    this.room = this.cells === 0 ? 0 : held.length / this.cells;
    this.held = held;
    this.used = used;
    this.centroids = centroids;
  }

  /** Reads all of a cell, of which there may be `mostHeld`. */
  load(cell: number, into: Digest): void {
    const { cells, held, used, centroids, singles, means } = this;
    means.count = centroids[cell];
    for (let k = 0; k < means.count; k++) {
      means.means[k] = held[k * cells + cell];
      means.weights[k] = this.weights[k * cells + cell];
    }
    means.least = means.count === 0 ? Infinity : this.least[cell];
    means.most = means.count === 0 ? -Infinity : this.most[cell];
    singles.count = used[cell] - means.count;
    for (let k = 0; k < singles.count; k++) singles.means[k] = held[(k + means.count) * cells + cell];
    singles.means.subarray(0, singles.count).sort();
    singles.weights.fill(1, 0, singles.count);
    singles.least = singles.count === 0 ? Infinity : singles.means[0];
    singles.most = singles.count === 0 ? -Infinity : singles.means[singles.count - 1];
    mergeSorted(means, singles, into);
  }

  /** Writes a cell: as single values if it is of nothing else, and of not more than `singles`; else as centroids. */
  store(cell: number, digest: Digest, singles: number): void {
    const { cells } = this;
    const single =
      digest.count <= singles && digest.weights.subarray(0, digest.count).every((each) => each === 1);
    if (!single) {
      this.makeCentroids();
      compress(digest);
      this.least[cell] = digest.least;
      this.most[cell] = digest.most;
      for (let k = 0; k < digest.count; k++) this.weights[k * cells + cell] = digest.weights[k];
    }
    this.used[cell] = digest.count;
    this.centroids[cell] = single ? 0 : digest.count;
    for (let k = 0; k < digest.count; k++) this.held[k * cells + cell] = digest.means[k];
  }

  /** Gives each cell room for so many values. */
  widen(room: number): void {
    if (this.room >= room) return;
    const held = new (this.held.constructor as Float64ArrayConstructor)(this.cells * room);
    held.set(this.held);
    this.held = held;
    this.room = room;
  }

  pack(): PackedCells {
    const { used, centroids, least, most } = this;
    return {
      held: this.packed(this.held, used),
      used,
      centroids,
      weights: this.packed(this.weights, centroids) as Float64Array,
      least,
      most,
    };
  }

  /** From what `pack` made; undefined if it is not of such. */
  static unpack({ held, used, centroids, weights, least, most }: PackedCells): DigestCells | undefined {
    const cells = used.length;
    const fits = used.every(
      (count, i) => count <= mostHeld && centroids[i] <= Math.min(count, mostCentroids),
    );
    const extremes = centroids.some((count) => count > 0) ? cells : least.length;
    if (held.some(Number.isNaN) || !weights.every((weight) => weight >= 1)) return undefined;
    if (!fits || held.length !== sum(used) || weights.length !== sum(centroids)) return undefined;
    if (least.length !== extremes || most.length !== extremes || ![0, cells].includes(extremes))
      return undefined;
    // No more than there is: cells that are to have few values in all are many at once.
    const room = used.reduce((a, b) => Math.max(a, b), 0);
    const values = new (held.constructor as Float64ArrayConstructor)(cells * room);
    const made = new DigestCells(values, used, centroids);
    made.spread(held, used, values);
    if (extremes === 0) return made;
    made.makeCentroids();
    made.least.set(least);
    made.most.set(most);
    made.spread(weights, centroids, made.weights);
    return made;
  }

  private makeCentroids(): void {
    if (this.weights.length > 0) return;
    this.weights = new Float64Array(this.cells * mostCentroids);
    this.least = new Float64Array(this.cells);
    this.most = new Float64Array(this.cells);
  }

  private packed(values: NumberArray, counts: Uint16Array): NumberArray {
    const packed = new (values.constructor as Float64ArrayConstructor)(sum(counts));
    let at = 0;
    for (let cell = 0; cell < this.cells; cell++) {
      for (let k = 0; k < counts[cell]; k++) packed[at++] = values[k * this.cells + cell];
    }
    return packed;
  }

  private spread(packed: NumberArray, counts: Uint16Array, values: NumberArray): void {
    let at = 0;
    for (let cell = 0; cell < this.cells; cell++) {
      for (let k = 0; k < counts[cell]; k++) values[k * this.cells + cell] = packed[at++];
    }
  }
}

function sum(counts: Uint16Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
