import type { NumericValues } from '@hyperslab/array';
import { none } from '../shared/slot-lists.ts';
import type { Arena } from './arena.ts';

/** Elements that are brought into the arena at a time: what kernels take and give then stays in the second-level cache. */
const blockElements = 8192;
const slotBytes = 8 * blockElements;
const slots = 6;
/** What a stage takes of the arena. */
export const stageBytes = slots * slotBytes;

/** Buffer's copy takes any bytes, and moves those of shared memory as fast as others; `set` of typed arrays does not. */
const copyBytes = Buffer.prototype.copy;

/**
 * Where values that do not lie in the arena are brought to for a kernel, block by block, and taken from. Each operand of a kernel
 * has a slot of its own. Element types are those of the values.
 */
export class Stage {
  readonly #arena: Arena;
  readonly #slots: Uint8Array;

  /** @param offset of `stageBytes` that were taken for it */
  constructor(arena: Arena, offset: number) {
    this.#arena = arena;
    this.#slots = arena.view('uint8', offset, stageBytes) as Uint8Array;
  }

  /** Elements that a kernel may take at a time: all where everything lies in the arena. */
  blockOf(
    length: number,
    a: ArrayBufferView,
    b: ArrayBufferView = a,
    c: ArrayBufferView = a,
    d: ArrayBufferView = a,
  ): number {
    const arena = this.#arena;
    const holds = (view: ArrayBufferView) => view === a || arena.holds(view);
    return arena.holds(a) && holds(b) && holds(c) && holds(d) ? length : blockElements;
  }

  /** Offset of a slot. */
  slot(slot: number): number {
    return this.#slots.byteOffset + slot * slotBytes;
  }

  /** A view of a slot's first elements. */
  view(slot: number, dtype: string, count: number): NumericValues {
    return this.#arena.view(dtype, this.slot(slot), count);
  }

  /** Offset of `count` elements of an array from `at` on: where they lie in the arena, or in the slot that they are copied to. */
  bring(slot: number, values: NumericValues, at: number, count: number): number {
    const width = values.BYTES_PER_ELEMENT;
    if (this.#arena.holds(values)) return values.byteOffset + at * width;
    copyBytes.call(bytesOf(values), this.#slots, slot * slotBytes, at * width, (at + count) * width);
    return this.slot(slot);
  }

  /** The same for elements that a kernel only writes: copies nothing. */
  place(slot: number, values: NumericValues, at: number): number {
    return this.#arena.holds(values) ? values.byteOffset + at * values.BYTES_PER_ELEMENT : this.slot(slot);
  }

  /** Copies `count` bytes from `at` on to a place in a slot, or behind it in the next ones. */
  copyIn(slot: number, place: number, bytes: Uint8Array, at: number, count: number): void {
    copyBytes.call(bytes, this.#slots, slot * slotBytes + place, at, at + count);
  }

  /** Copies what a kernel wrote to a slot to `count` elements of an array, if it does not lie in the arena. */
  take(slot: number, values: NumericValues, at: number, count: number): void {
    if (this.#arena.holds(values)) return;
    const width = values.BYTES_PER_ELEMENT;
    const start = slot * slotBytes;
    copyBytes.call(this.#slots, bytesOf(values), at * width, start, start + count * width);
  }
}

/** Takes the memory of a stage for a thread that is to start, for good; answers its offset, or undefined where there is no room. */
export function reserveStage(arena: Arena): number | undefined {
  const extent = arena.takeKept(stageBytes);
  return extent === none ? undefined : arena.offsetOf(extent);
}

function bytesOf({ buffer, byteOffset, byteLength }: NumericValues): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
