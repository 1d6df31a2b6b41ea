/**
 * Unshuffling with SIMD, by a WebAssembly module that is put together here, byte by byte: a limit shall not be that of a plain loop,
 * nor that of the kernels which are measured against it. Encodings are those of the core specification, version 2, section 5.
 */

/** What is used of it; TypeScript knows it of browsers only. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer };
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
  };
};

const op = {
  loop: [0x03, 0x40],
  branchIf: 0x0d,
  end: 0x0b,
  get: 0x20,
  set: 0x21,
  constant: 0x41,
  add: 0x6a,
  multiply: 0x6c,
  lessThan: 0x49,
  load: [0xfd, 0x00, 0, 0],
  store: [0xfd, 0x0b, 0],
  shuffle: [0xfd, 0x0d],
};
const i32 = 0x7f;
const v128 = 0x7b;
/** Bytes of a vector: so many values are put together in each turn of the loop. */
export const lanes = 16;
/** Numbers of the parameters (where the planes begin, where the values go, how many values) and of the loop's counter. */
const [from, to, count, at, firstVector] = [0, 1, 2, 3, 4];

/** Unsigned LEB128; of a constant the same, as long as it is below 64. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

const section = (id: number, content: readonly number[]) => [id, ...leb(content.length), ...content];
const text = (value: string) => [value.length, ...Buffer.from(value)];

/** Lanes of two vectors of which the first (0) or second (1) halves are taken in turns, `size` bytes of each. */
function turns(half: number, size: number): number[] {
  const starts = Array.from({ length: lanes / 2 / size }, (_, piece) => half * (lanes / 2) + piece * size);
  const bytes = Array.from({ length: size }, (_, byte) => byte);
  return starts.flatMap((start) => [0, lanes].flatMap((of) => bytes.map((byte) => of + start + byte)));
}

/** What is done for 16 values of `width` bytes: a vector of each plane is loaded, they are interleaved in pairs, and stored. */
function interleave(width: number): { code: number[]; vectors: number } {
  const code: number[] = [];
  let vectors = 0;
  const keep = (made: readonly number[]) => {
    code.push(...made, op.set, firstVector + vectors);
    return firstVector + vectors++;
  };
  const plane = (number: number) => [op.get, count, op.constant, number, op.multiply, op.add];
  let lists = Array.from({ length: width }, (_, number) => [
    keep([op.get, from, op.get, at, op.add, ...plane(number), ...op.load]),
  ]);
  for (let size = 1; lists.length > 1; size *= 2) {
    const pairs = Array.from({ length: lists.length / 2 }, (_, pair) => [
      lists[2 * pair],
      lists[2 * pair + 1],
    ]);
    lists = pairs.map(([some, others]) =>
      some.flatMap((one, i) =>
        [0, 1].map((half) => keep([op.get, one, op.get, others[i], ...op.shuffle, ...turns(half, size)])),
      ),
    );
  }
  const address = [op.get, to, op.get, at, op.constant, width, op.multiply, op.add];
  for (const [number, vector] of lists[0].entries())
    code.push(...address, op.get, vector, ...op.store, number * lanes);
  return { code, vectors };
}

/** Bytes that a module works on, and what it does: unshuffles `count` values, a multiple of 16, from one offset to another. */
export interface Unshuffler {
  buffer: ArrayBuffer;
  unshuffle(from: number, to: number, count: number): void;
}

const pageBytes = 65_536;

/** An unshuffler of values of 2, 4 or 8 bytes, with a memory of its own. */
export function createUnshuffler(width: number, memoryBytes: number): Unshuffler {
  const { code, vectors } = interleave(width);
  const next = [op.get, at, op.constant, lanes, op.add, op.set, at];
  const again = [op.get, at, op.get, count, op.lessThan, op.branchIf, 0];
  const body = [2, 1, i32, vectors, v128, ...op.loop, ...code, ...next, ...again, op.end, op.end];
  const module = [
    [0x00, ...Buffer.from('asm'), 1, 0, 0, 0],
    section(1, [1, 0x60, 3, i32, i32, i32, 0]),
    section(2, [1, ...text('host'), ...text('memory'), 0x02, 0x00, 1]),
    section(3, [1, 0]),
    section(7, [1, ...text('unshuffle'), 0x00, 0]),
    section(10, [1, ...leb(body.length), ...body]),
  ];
  const memory = new WebAssembly.Memory({ initial: Math.ceil(memoryBytes / pageBytes) });
  const compiled = new WebAssembly.Module(Uint8Array.from(module.flat()));
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  return { buffer: memory.buffer, unshuffle: exports.unshuffle as Unshuffler['unshuffle'] };
}
