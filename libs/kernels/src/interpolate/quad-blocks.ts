import { hearCancel } from '../hear-cancel.ts';
import { closingRows } from './closing-rows.ts';
import type { CurvilinearPoints } from './curvilinear-rows.ts';
import { PointIndex } from './point-index.ts';
import { setVector, squaredChord } from './sphere.ts';

/** Quadrangles along each side of a block, and its points. */
const side = 8;
const ends = side + 1;
/** Blocks of which all is at hand: places come row by row, and rows of them meet the same ones again. */
const mostSlots = 1024;
/** Vectors, middles, radii, and who is polar. */
const slotBytes = ends * ends * 24 + side * side * (24 + 8 + 1) + 4;

/**
 * Latitude up to which a quadrangle is taken as it lies on a map of degrees; nearer to a pole, as seen from the place. So is one
 * that is as near to a pole as it is large: only of others what is around them lies within less than 180 degrees of longitude.
 */
export const polewards = 85;

/**
 * The quadrangles between neighbouring points of a grid, each told by the number of its first point. Points are kept in degrees and
 * only blocks of quadrangles are in an index: vectors of all points and an index of all quadrangles would take five times as much.
 */
export class QuadBlocks {
  readonly #source: CurvilinearPoints;
  /** For each row, whether its last point and that of the next have the first ones as neighbours. */
  readonly #closes: Uint8Array;
  /** Blocks beside each other. */
  readonly #across: number;
  readonly #index: PointIndex;
  /** The block that each slot has; -1 for none. */
  readonly #blocks: Int32Array;
  readonly #vectors: Float64Array;
  readonly #centres: Float64Array;
  readonly #radii: Float64Array;
  readonly #polar: Uint8Array;

  constructor(source: CurvilinearPoints) {
    this.#source = source;
    const { down, across, slots } = sizesOf(source.shape);
    this.#across = across;
    this.#closes = closingRows(source);
    this.#blocks = new Int32Array(slots).fill(-1);
    this.#vectors = new Float64Array(3 * ends * ends * slots);
    this.#centres = new Float64Array(3 * side * side * slots);
    this.#radii = new Float64Array(side * side * slots);
    this.#polar = new Uint8Array(side * side * slots);
    const centres = new Float64Array(3 * down * across);
    const radii = new Float64Array(down * across);
    for (let block = 0; block < radii.length; block++) {
      hearCancel();
      this.#setBall(centres, radii, block);
    }
    this.#index = new PointIndex(centres, radii);
  }

  /** Bytes that the quadrangles of a grid hold beside its degrees. */
  static bytes(shape: readonly number[]): number {
    const { down, across, slots } = sizesOf(shape);
    const blocks = down * across;
    return blocks * (24 + 8) + PointIndex.bytes(blocks, true) + slots * slotBytes + shape[0];
  }

  /** The quadrangles that may have one of `places`, in ascending order. */
  near(places: Float64Array, place: number): number[] {
    const [, columns] = this.#source.shape;
    const found: number[] = [];
    for (const block of this.#index.within(places, place, 0)) {
      const first = side * side * this.#slotOf(block);
      const [row, column] = this.#originOf(block);
      for (let own = 0; own < side * side; own++) {
        const radius = this.#radii[first + own];
        if (squaredChord(this.#centres, first + own, places, place) <= radius * radius)
          found.push((row + Math.floor(own / side)) * columns + column + (own % side));
      }
    }
    return found.sort((a, b) => a - b);
  }

  /** The points (j, i), (j, i + 1), (j + 1, i), (j + 1, i + 1) of a quadrangle. */
  cornersOf(quad: number): number[] {
    const [, columns] = this.#source.shape;
    const next = quad % columns === columns - 1 ? quad + 1 - columns : quad + 1;
    return [quad, next, quad + columns, next + columns];
  }

  isPolar(quad: number): boolean {
    const { slot, row, column } = this.#placeOf(quad);
    return this.#polar[side * side * slot + row * side + column] === 1;
  }

  /** The same points among vectors; these change with the next quadrangle that is asked for. */
  vectorsOf(quad: number): { vectors: Float64Array; corners: number[] } {
    const { slot, row, column } = this.#placeOf(quad);
    const first = ends * ends * slot + row * ends + column;
    return { vectors: this.#vectors, corners: [first, first + 1, first + ends, first + ends + 1] };
  }

  #placeOf(quad: number): { slot: number; row: number; column: number } {
    const [, columns] = this.#source.shape;
    const [row, column] = [Math.floor(quad / columns), quad % columns];
    const block = Math.floor(row / side) * this.#across + Math.floor(column / side);
    return { slot: this.#slotOf(block), row: row % side, column: column % side };
  }

  #originOf(block: number): [number, number] {
    return [side * Math.floor(block / this.#across), side * (block % this.#across)];
  }

  #slotOf(block: number): number {
    const slot = block % this.#blocks.length;
    if (this.#blocks[slot] !== block) {
      this.#setVectors(block, slot);
      this.#setQuads(block, slot);
      this.#blocks[slot] = block;
    }
    return slot;
  }

  #setVectors(block: number, slot: number): void {
    const { shape, latitudes, longitudes } = this.#source;
    const [rows, columns] = shape;
    const [firstRow, firstColumn] = this.#originOf(block);
    let at = ends * ends * slot;
    for (let row = firstRow; row < firstRow + ends; row++) {
      for (let column = firstColumn; column < firstColumn + ends; column++, at++) {
        if (row >= rows || column > columns) continue;
        const point = row * columns + (column === columns ? 0 : column);
        setVector(this.#vectors, at, latitudes[point], longitudes[point]);
      }
    }
  }

  /** The middle of each quadrangle, and how far what is in it may be from there; NaN for one that is none. */
  #setQuads(block: number, slot: number): void {
    const [rows, columns] = this.#source.shape;
    const [firstRow, firstColumn] = this.#originOf(block);
    const [centres, radii, vectors] = [this.#centres, this.#radii, this.#vectors];
    for (let own = 0; own < side * side; own++) {
      const [row, column] = [Math.floor(own / side), own % side];
      const quad = side * side * slot + own;
      const first = ends * ends * slot + row * ends + column;
      const [j, i] = [firstRow + row, firstColumn + column];
      const isQuad = j + 1 < rows && (i + 1 < columns || (i < columns && this.#closes[j] === 1));
      for (let axis = 0; axis < 3; axis++) {
        const at = 3 * first + axis;
        const sum = 0 + vectors[at] + vectors[at + 3] + vectors[at + 3 * ends] + vectors[at + 3 * ends + 3];
        centres[3 * quad + axis] = isQuad ? sum / 4 : Number.NaN;
      }
      let squared = 0;
      for (const corner of [first, first + 1, first + ends, first + ends + 1])
        squared = Math.max(squared, squaredChord(centres, quad, vectors, corner));
      // Centres lie a little within the sphere, places on it.
      radii[quad] = 1.2 * Math.sqrt(squared);
      this.#polar[quad] = isQuad && this.#reachesPole(quad, j * columns + i) ? 1 : 0;
    }
  }

  #reachesPole(at: number, quad: number): boolean {
    const centres = this.#centres;
    const height = 1 - Math.abs(centres[3 * at + 2]);
    if (Math.hypot(centres[3 * at], centres[3 * at + 1], height) <= this.#radii[at]) return true;
    return this.cornersOf(quad).some((corner) => Math.abs(this.#source.latitudes[corner]) > polewards);
  }

  /** The ball that has those of all quadrangles of a block; none where there are none. */
  #setBall(centres: Float64Array, radii: Float64Array, block: number): void {
    const first = side * side * this.#slotOf(block);
    const [sums, quads] = [[0, 0, 0], [] as number[]];
    for (let quad = first; quad < first + side * side; quad++) {
      if (Number.isNaN(this.#radii[quad])) continue;
      quads.push(quad);
      for (let axis = 0; axis < 3; axis++) sums[axis] += this.#centres[3 * quad + axis];
    }
    for (let axis = 0; axis < 3; axis++) centres[3 * block + axis] = sums[axis] / quads.length;
    for (const quad of quads) {
      const distance = Math.sqrt(squaredChord(centres, block, this.#centres, quad));
      // What is on its surface may be outside by rounding.
      radii[block] = Math.max(radii[block], (distance + this.#radii[quad]) * (1 + 1e-9));
    }
  }
}

function sizesOf([rows, columns]: readonly number[]) {
  // A row that closes has as many quadrangles as points.
  const [down, across] = [Math.ceil((rows - 1) / side), Math.ceil(columns / side)];
  return { down, across, slots: Math.min(mostSlots, down * across) };
}
