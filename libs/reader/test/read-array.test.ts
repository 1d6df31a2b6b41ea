import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DataType,
  elementCount,
  gridCell,
  gridShape,
  type IndexRange,
  type MaskedArray,
  ravel,
  regularRuns,
  unravel,
  wholeSelection,
} from '@hyperslab/array';
import type { LocatedPiece } from '@hyperslab/cube';
import { HyperslabError, isHyperslabError, type Reason } from '@hyperslab/errors';
import type { Layout } from '@hyperslab/proto/array';
import { memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { createChunkCache, readArray, readSlabs } from '../src/index.ts';
import { layoutOf, packingOf, storedArray, type TestPiece } from './stored-array.ts';

const deflate = { name: 'deflate', configuration: '{"level":1}' };
const shuffle = { name: 'shuffle', configuration: '{"elementsize":2}' };

async function rejectsWith(reason: Reason, promise: Promise<unknown>, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, text);
    return true;
  });
}

/** One number after another, the plainest way: what `readArray` must answer. */
function reference(pieces: readonly TestPiece[], ranges: readonly IndexRange[], stored: boolean) {
  const counts = ranges.map(({ count }) => count);
  return Array.from({ length: elementCount(counts) }, (_, linear) => {
    const index = unravel(linear, counts).map((i, axis) => ranges[axis].start + i * ranges[axis].step);
    const piece = pieces.find(({ start, shape }) => index[0] >= start && index[0] < start + shape[0])!;
    const { shape, layout, packing, values } = piece;
    const fill = packing.missingValues[0];
    if (piece.missing) return stored ? fill : 'missing';
    const local = [index[0] - piece.start, ...index.slice(1)];
    const grid = shape.map((extent, axis) => regularRuns(extent, layout.chunkShape[axis]));
    const cell = local.map((i, axis) => Math.floor(i / layout.chunkShape[axis]));
    assert.ok(gridCell(grid, cell));
    const unwritten = piece.unwritten?.has(ravel(cell, gridShape(grid))) ?? false;
    const value = unwritten ? (packing.unwrittenValue ?? 0) : Number(values[ravel(local, shape)]);
    if (stored) return value;
    return value === fill ? 'missing' : value * (packing.scaleFactor ?? 1) + (packing.addOffset ?? 0);
  });
}

const flat = ({ values, mask }: MaskedArray) =>
  Array.from(values as ArrayLike<number>, (value, i) => (mask?.[i] ? 'missing' : value));

/** Arrays of int16 in pieces that are cut and encoded differently, and a hyperslab of them. */
const anyCase = fc
  .record({
    inner: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
    pieces: fc.array(
      fc.record({
        rows: fc.integer({ min: 1, max: 5 }),
        chunk: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
        padded: fc.boolean(),
        codecs: fc.constantFrom<Layout['codecs'][]>([], [deflate], [shuffle, deflate]),
        missing: fc.boolean(),
        unwritten: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
        unwrittenValue: fc.constantFrom(undefined, 7, -9),
        scaled: fc.boolean(),
        seed: fc.nat(1000),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    cuts: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 3 })), {
      minLength: 3,
      maxLength: 3,
    }),
  })
  .map(({ inner, pieces: made, cuts }) => {
    let start = 0;
    const pieces = made.map((piece): TestPiece => {
      const shape = [piece.rows, ...inner];
      const at = start;
      start += piece.rows;
      return {
        start: at,
        shape,
        layout: layoutOf('int16', piece.chunk.slice(0, shape.length), piece.padded, piece.codecs),
        packing: packingOf({
          missingValues: [-9],
          unwrittenValue: piece.unwrittenValue,
          unpackedDtype: piece.scaled ? 'float64' : 'int16',
          ...(piece.scaled ? { scaleFactor: 0.5, addOffset: 10 } : {}),
        }),
        values: new Int16Array(elementCount(shape)).map((_, i) => ((i + piece.seed) % 29) - 14),
        missing: piece.missing,
        unwritten: new Set(piece.unwritten),
      };
    });
    const shape = [start, ...inner];
    const ranges = shape.map((extent, axis) => {
      const [a, b, step] = cuts[axis];
      const first = a % (extent + 1);
      return { start: first, count: Math.ceil((b % (extent - first + 1)) / step), step };
    });
    return { shape, pieces, ranges };
  });

describe('reading a hyperslab', () => {
  it('gives the numbers that the plainest reading gives', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.boolean(), async ({ shape, pieces, ranges }, stored) => {
        const array = storedArray('float64', shape, pieces);
        const found = await readArray({ ...array, ranges, stored });
        assert.equal(found.dtype, stored ? 'int16' : 'float64');
        assert.deepEqual(
          found.shape,
          ranges.map(({ count }) => count),
        );
        assert.deepEqual(flat(found), reference(pieces, ranges, stored));
        if (stored) assert.equal(found.mask, undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same in slabs, whatever their size', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCase,
        fc.integer({ min: 1, max: 400 }),
        async ({ shape, pieces, ranges }, slabBytes) => {
          const array = storedArray('float64', shape, pieces);
          const counts = ranges.map(({ count }) => count);
          const found: unknown[] = [];
          for await (const slab of readSlabs({ ...array, ranges }, slabBytes)) {
            assert.equal(ravel(slab.origin, counts), found.length, 'slabs must follow each other');
            assert.ok(slab.array.values.length * 8 <= Math.max(8, slabBytes));
            found.push(...flat(slab.array));
          }
          assert.deepEqual(found, reference(pieces, ranges, false));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('ends slabs with chunks', async () => {
    const piece = plainPiece([13, 4], [5, 4]);
    const array = storedArray('int16', [13, 4], [piece]);
    array.variable.chunkGrid = [regularRuns(13, 5), regularRuns(4, 4)];
    const rows: number[] = [];
    for await (const slab of readSlabs({ ...array, ranges: wholeSelection([13, 4]) }, 7 * 4 * 2)) {
      rows.push(slab.array.shape[0]);
    }
    assert.deepEqual(rows, [5, 5, 3]);
    assert.equal(array.reads.length, 3);
  });

  it('fetches only chunks that are asked for, and none twice while they are cached', async () => {
    const array = storedArray('int16', [10, 10], [plainPiece([10, 10], [5, 5])]);
    const cache = createChunkCache(1000);
    const ranges = [
      { start: 6, count: 1, step: 1 },
      { start: 0, count: 3, step: 2 },
    ];
    const first = await readArray({ ...array, ranges, cache });
    const again = await readArray({ ...array, ranges, cache });
    assert.deepEqual(array.reads, ['memory:0 117']);
    assert.deepEqual(first, again);
    assert.deepEqual([...(first.values as Int16Array)], [60, 62, 64]);
  });

  it('reads chunks that lie in the manifest itself', async () => {
    const array = storedArray('int16', [3], [plainPiece([3], [3])]);
    const inManifest = array.objects.get('memory:0')!;
    const within = (piece: LocatedPiece): LocatedPiece => ({
      ...piece,
      object: { url: 'manifest:', version: { size: 0, etag: '', modifiedUs: 0 } },
    });
    const fetching = {
      source: inManifest,
      async *locate(...args: Parameters<typeof array.manifest.locate>) {
        for await (const piece of array.manifest.locate(...args)) yield within(piece);
      },
      locateAtHand: () => undefined,
    };
    const atHand = {
      ...fetching,
      locateAtHand: (...args: Parameters<typeof array.manifest.locateAtHand>) =>
        within(array.manifest.locateAtHand(...args)!),
    };
    for (const manifest of [fetching, atHand]) {
      const found = await readArray({ ...array, manifest, ranges: wholeSelection([3]) });
      assert.deepEqual([...(found.values as Int16Array)], [0, 1, 2]);
    }
  });

  it('reads 64-bit integers exactly', async () => {
    const values = new BigInt64Array([2n ** 62n, -5n, 2n ** 53n + 1n]);
    const packing = packingOf({ missingIntegers: ['-5'], unpackedDtype: 'int64' });
    const piece = { start: 0, shape: [3], layout: layoutOf('int64', [2]), packing, values };
    const array = storedArray('int64', [3], [piece]);
    const found = await readArray({ ...array, ranges: wholeSelection([3]) });
    assert.equal((found.values as BigInt64Array)[0], 2n ** 62n);
    assert.equal((found.values as BigInt64Array)[2], 2n ** 53n + 1n);
    assert.deepEqual([...found.mask!], [0, 1, 0]);
    const missing = storedArray('int64', [3], [{ ...piece, missing: true }]);
    const stored = await readArray({ ...missing, ranges: wholeSelection([3]), stored: true });
    assert.deepEqual([...(stored.values as BigInt64Array)], [-5n, -5n, -5n]);
  });
});

/** 0, 1, 2, … as int16, unpacked and without missing values. */
function plainPiece(shape: number[], chunkShape: number[]): TestPiece {
  return {
    start: 0,
    shape,
    layout: layoutOf('int16', chunkShape, true),
    packing: packingOf({ unpackedDtype: 'int16' }),
    values: new Int16Array(elementCount(shape)).map((_, i) => i),
  };
}

describe('reading inline values', () => {
  const inline = (dtype: DataType, values: ArrayLike<number>, mask: number[] = []) => {
    const array = storedArray(
      dtype,
      [3],
      [{ ...plainPiece([3], [3]), packing: packingOf({ missingValues: [-1] }) }],
    );
    const data = Buffer.from(Int16Array.from(values).buffer);
    const value = { dtype, shape: [3], data, mask: Buffer.from(mask) };
    array.variable.data = { $case: 'inlineValues', value };
    return array;
  };
  const ranges = [{ start: 0, count: 2, step: 2 }];

  it('cuts them, with their mask', async () => {
    const found = await readArray({ ...inline('int16', [1, 2, 3], [1, 0, 0]), ranges });
    assert.deepEqual(flat(found), ['missing', 3]);
  });

  it('gives missing ones their stored number', async () => {
    const found = await readArray({ ...inline('int16', [1, 2, 3], [1, 0, 0]), ranges, stored: true });
    assert.deepEqual(flat(found), [-1, 3]);
  });

  it('refuses to pack again what was unpacked', async () => {
    const array = inline('int16', [1, 2, 3]);
    array.variable.packing = packingOf({ scaleFactor: 2 });
    await rejectsWith('STORED_ALIKE_NEEDED', readArray({ ...array, ranges, stored: true }), /kept unpacked/);
  });
});

describe('reading what can not be read', () => {
  const plain = () => storedArray('int16', [10, 10], [plainPiece([10, 10], [5, 5])]);
  const all = wholeSelection([10, 10]);

  it('says which range is outside', async () => {
    const ranges = [all[0], { start: 8, count: 3, step: 1 }];
    await rejectsWith('INVALID_ARGUMENT', readArray({ ...plain(), ranges }), /"v".*"d1" of length 10/);
    await rejectsWith('INVALID_ARGUMENT', readArray({ ...plain(), ranges: [all[0]] }), /2 index ranges/);
  });

  it('names URL, offset and chunk of damaged bytes', async () => {
    const piece = { ...plainPiece([10, 10], [5, 5]), layout: layoutOf('int16', [5, 5], true, [deflate]) };
    const array = storedArray('int16', [10, 10], [piece]);
    const [bytes] = await array.objects.get('memory:0')!.read([{ offset: 0, length: 100 }]);
    const damaged = new Uint8Array((await array.objects.get('memory:0')!.stat()).size);
    damaged.set(bytes);
    array.objects.set('memory:0', memorySource('memory:0', damaged));
    await rejectsWith(
      'FORMAT_CORRUPT',
      readArray({ ...array, ranges: all }),
      /^memory:0 at byte \d+: chunk at \[\d, \d\] of "v": codec "deflate"/,
    );
  });

  it('says that an object is another one', async () => {
    const array = plain();
    array.objects.set('memory:0', memorySource('memory:0', new Uint8Array(9)));
    await rejectsWith('OBJECT_CHANGED', readArray({ ...array, ranges: all }), /publish it again/);
  });

  it('says that an object is gone, which is not to know its name', async () => {
    const array = plain();
    const absent = memorySource('memory:0', new Uint8Array(9));
    absent.read = () => Promise.reject(new HyperslabError('OBJECT_NOT_FOUND', 'memory:0: no such object'));
    array.objects.set('memory:0', absent);
    await rejectsWith('OBJECT_CHANGED', readArray({ ...array, ranges: all }), /memory:0: it is gone since/);
  });

  it('says so also when the rest, of which nothing is to be fetched, is located after that', async () => {
    const gone = plainPiece([10, 10], [5, 5]);
    const array = storedArray('int16', [20, 10], [gone, { ...gone, start: 10, missing: true }]);
    const absent = memorySource('memory:0', new Uint8Array(9));
    absent.read = () => Promise.reject(new HyperslabError('OBJECT_NOT_FOUND', 'memory:0: no such object'));
    array.objects.set('memory:0', absent);
    const manifest = {
      ...array.manifest,
      async *locate(number: number, ranges: readonly IndexRange[]) {
        for await (const piece of array.manifest.locate(number, ranges)) {
          // A page of the manifest is read for it.
          await sleep(5);
          yield piece;
        }
      },
    };
    const ranges = wholeSelection([20, 10]);
    await rejectsWith(
      'OBJECT_CHANGED',
      readArray({ ...array, manifest, ranges }),
      /memory:0: it is gone since/,
    );
  });

  it('stops when nobody wants it any more', async () => {
    await rejectsWith(
      'CANCELLED',
      readArray({ ...plain(), ranges: all, signal: AbortSignal.abort() }),
      /cancel/,
    );
  });

  it('says why there are no stored values', async () => {
    const array = plain();
    array.variable.storedDtype = '';
    await rejectsWith(
      'STORED_ALIKE_NEEDED',
      readArray({ ...array, ranges: all, stored: true }),
      /not stored alike/,
    );
    const missing = storedArray('int16', [10, 10], [{ ...plainPiece([10, 10], [5, 5]), missing: true }]);
    await rejectsWith(
      'STORED_ALIKE_NEEDED',
      readArray({ ...missing, ranges: all, stored: true }),
      /piece is missing/,
    );
  });

  it('says why a variable has no values', async () => {
    const array = plain();
    array.variable.data = undefined;
    array.variable.notComputable = 'compound types are only described';
    await rejectsWith('NOT_COMPUTABLE', readArray({ ...array, ranges: all }), /only described/);
  });
});
