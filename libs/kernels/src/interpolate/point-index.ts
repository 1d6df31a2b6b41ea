import { hearCancel } from '../hear-cancel.ts';
import { squaredChord } from './sphere.ts';

/**
 * Finds vectors near a place: a k-d tree, in which the middle of each run of `order` splits it along the axis that its
 * depth says. Vectors with NaN are not in it. Each may stand for something around it, as far as its radius says: then a
 * few large ones among many make searches no longer.
 */
export class PointIndex {
  private readonly vectors: Float64Array;
  private readonly radii: Float64Array | undefined;
  private readonly order: Int32Array;
  /** The largest radius of the run whose middle an element of `order` is. */
  private readonly largest: Float64Array;

  constructor(vectors: Float64Array, radii?: Float64Array) {
    this.vectors = vectors;
    this.radii = radii;
    const order = new Int32Array(vectors.length / 3);
    let present = 0;
    for (let i = 0; i < order.length; i++) {
      if (!Number.isNaN(vectors[3 * i] + vectors[3 * i + 1] + vectors[3 * i + 2])) order[present++] = i;
    }
    this.order = order.subarray(0, present);
    this.largest = new Float64Array(radii === undefined ? 0 : present);
    this.build(0, this.order.length, 0);
  }

  /** Bytes of an index of so many vectors, without these and their radii. */
  static bytes(count: number, hasRadii: boolean): number {
    return count * (4 + (hasRadii ? 8 : 0));
  }

  private build(from: number, to: number, axis: number): void {
    if (from >= to) return;
    hearCancel();
    const middle = (from + to) >> 1;
    this.select(from, to - 1, middle, axis);
    const next = (axis + 1) % 3;
    this.build(from, middle, next);
    this.build(middle + 1, to, next);
    if (this.radii === undefined) return;
    const own = this.radii[this.order[middle]];
    this.largest[middle] = Math.max(own, this.largestOf(from, middle), this.largestOf(middle + 1, to));
  }

  private largestOf(from: number, to: number): number {
    return this.radii === undefined || from >= to ? 0 : this.largest[(from + to) >> 1];
  }

  /** Brings the vector that belongs at `middle` by its number on an axis there, lower ones before it (Hoare's selection). */
  private select(first: number, last: number, middle: number, axis: number): void {
    const { order, vectors } = this;
    let [from, to] = [first, last];
    while (from < to) {
      const pivot = vectors[3 * order[(from + to) >> 1] + axis];
      let [i, j] = [from, to];
      while (i <= j) {
        while (vectors[3 * order[i] + axis] < pivot) i++;
        while (vectors[3 * order[j] + axis] > pivot) j--;
        if (i > j) break;
        const swapped = order[i];
        order[i++] = order[j];
        order[j--] = swapped;
      }
      if (middle <= j) to = j;
      else if (middle >= i) from = i;
      else return;
    }
  }

  /** The vector nearest to one of `places`, of several as near the first; -1 when there is none. */
  nearest(places: Float64Array, place: number): number {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    this.visit(
      places,
      place,
      () => least,
      (found, distance) => {
        if (distance > least || (distance === least && found > best)) return;
        least = distance;
        best = found;
      },
    );
    return best;
  }

  /** The vectors whose radius reaches to within a straight distance of one of `places`, in ascending order. */
  within(places: Float64Array, place: number, distance: number): number[] {
    const found: number[] = [];
    this.visit(
      places,
      place,
      (radius) => (distance + radius) ** 2,
      (each) => found.push(each),
    );
    return found.sort((a, b) => a - b);
  }

  /** Visits vectors; of those that have at most a radius, ones farther than the root of `limit` answers for it may be left out. */
  private visit(
    places: Float64Array,
    place: number,
    limit: (radius: number) => number,
    found: (vector: number, squared: number) => void,
  ): void {
    const { order, vectors, radii } = this;
    const go = (from: number, to: number, axis: number): void => {
      if (from >= to) return;
      const middle = (from + to) >> 1;
      const vector = order[middle];
      const squared = squaredChord(vectors, vector, places, place);
      if (squared <= limit(radii === undefined ? 0 : radii[vector])) found(vector, squared);
      const beyond = places[3 * place + axis] - vectors[3 * vector + axis];
      const next = (axis + 1) % 3;
      const [near, far] = beyond <= 0 ? [from, middle + 1] : [middle + 1, from];
      const [nearEnd, farEnd] = beyond <= 0 ? [middle, to] : [to, middle];
      go(near, nearEnd, next);
      if (beyond * beyond <= limit(this.largestOf(far, farEnd))) go(far, farEnd, next);
    };
    if (!Number.isNaN(places[3 * place] + places[3 * place + 2])) go(0, order.length, 0);
  }
}
