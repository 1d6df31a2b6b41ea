import { ByteWriter } from './byte-writer.ts';

/** Where an object lies in the heap. */
export interface HeapId {
  collection: number;
  /** Number within the collection, from 1. */
  object: number;
}

/** Bytes, or the address of a dataset's header, which is not known before the file is laid out. */
export type HeapObject = Uint8Array | { addressOf: string };

const headerSize = 16;
const objectHeaderSize = 16;
/** Readers refuse smaller collections. */
const smallestCollection = 4096;
/** A new collection begins when one would pass this: fewer than 2^16 objects fit. */
const fullCollection = 65536;

const padded = (length: number) => Math.ceil(length / 8) * 8;
const lengthOf = (object: HeapObject) => (object instanceof Uint8Array ? object.length : 8);

/** Global heap collections (HDF5 File Format Specification, III.E): what variable-length elements refer to. */
export class GlobalHeap {
  readonly #collections: HeapObject[][] = [];
  #used = fullCollection;

  insert(object: HeapObject): HeapId {
    const size = objectHeaderSize + padded(lengthOf(object));
    if (this.#used + size > fullCollection) {
      this.#collections.push([]);
      this.#used = headerSize;
    }
    this.#used += size;
    const current = this.#collections[this.#collections.length - 1];
    current.push(object);
    return { collection: this.#collections.length - 1, object: current.length };
  }

  /** Bytes of each collection. */
  sizes(): number[] {
    return this.#collections.map((objects) =>
      Math.max(
        smallestCollection,
        objects.reduce((sum, object) => sum + objectHeaderSize + padded(lengthOf(object)), headerSize),
      ),
    );
  }

  /** All collections, in order. */
  encode(addressOf: (dataset: string) => number): Uint8Array[] {
    const sizes = this.sizes();
    return this.#collections.map((objects, i) => {
      const out = new ByteWriter(sizes[i]).text('GCOL').u8(1).zeros(3).u64(sizes[i]);
      objects.forEach((object, number) => {
        const length = lengthOf(object);
        out
          .u16(number + 1)
          .u16(0)
          .u32(0)
          .u64(length);
        if (object instanceof Uint8Array) out.bytes(object).zeros(padded(length) - length);
        else out.u64(addressOf(object.addressOf));
      });
      // Object 0 is the free space, counted with its own header, where there is room for one.
      const free = sizes[i] - out.length;
      if (free >= objectHeaderSize)
        out
          .zeros(8)
          .u64(free)
          .zeros(free - objectHeaderSize);
      else out.zeros(free);
      return out.toBytes();
    });
  }
}
