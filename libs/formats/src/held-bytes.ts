/** Bytes that lie in no object, one value after the other (OtherObjects.held). */
export class HeldBytes {
  readonly #values: Uint8Array[] = [];
  /** Where each value begins. */
  readonly #starts: number[] = [];
  #length = 0;

  /** Adds a value; its offset is returned. */
  add(value: Uint8Array): number {
    const start = this.#length;
    // One without bytes begins where the next one does, which is found there.
    if (value.length === 0) return start;
    this.#values.push(value);
    this.#starts.push(start);
    this.#length += value.length;
    return start;
  }

  /** A part of one value: up to `length` bytes, that value's at most. A view. */
  part(offset: number, length: number): Uint8Array {
    const index = this.#valueAt(offset);
    if (index < 0) return new Uint8Array();
    const start = offset - this.#starts[index];
    return this.#values[index].subarray(start, start + length);
  }

  /** Bytes of all values together. */
  get length(): number {
    return this.#length;
  }

  all(): Buffer {
    return Buffer.concat(this.#values);
  }

  /** The last value that begins at an offset or before it; -1 when there is none. */
  #valueAt(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
