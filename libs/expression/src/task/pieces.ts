import { copyRegion, elementCount, type MaskedArray } from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import { type Box, intersectBoxes } from './box.ts';

/** A part of a node that is put together of pieces that others have made. */
export class Pieces {
  readonly array: MaskedArray;
  readonly #box: Box;
  readonly #memory: Allocator;

  constructor(dtype: string, box: Box, memory: Allocator) {
    this.#box = box;
    this.#memory = memory;
    const values = memory.zeros(dtype, elementCount(box.shape));
    this.array = { dtype: dtype as MaskedArray['dtype'], shape: [...box.shape], values };
  }

  /** Takes what a piece has of it; `place` is where the piece lies in the node. */
  add({ values, mask }: MaskedArray, place: Box): void {
    const { array } = this;
    const overlap = intersectBoxes(place, this.#box)!;
    const within = (box: Box) => ({
      arrayShape: box.shape,
      origin: overlap.origin.map((start, axis) => start - box.origin[axis]),
    });
    copyRegion(values, within(place), array.values, within(this.#box), overlap.shape);
    if (mask === undefined) return;
    array.mask ??= this.#memory.zeros('uint8', elementCount(array.shape)) as Uint8Array;
    copyRegion(mask, within(place), array.mask, within(this.#box), overlap.shape);
  }
}
