import assert from 'node:assert/strict';
import {
  elementCount,
  gridCell,
  gridShape,
  type IndexRange,
  type RunLengths,
  ravel,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import type { Layout, Packing } from '@hyperslab/proto/array';
import { memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { ManifestBuilder, type ManifestPiece, MemorySink, openManifest } from '../../src/index.ts';

const packing: Packing = {
  missingValues: [],
  missingIntegers: [],
  unpackedDtype: 'int8',
  readUnsigned: false,
};

interface Sketch {
  /** Extents of pieces along each dimension, and of the chunks of each piece. */
  extents: number[][];
  chunkShapes: number[][];
  ranges: { start: number; count: number; step: number }[];
  missing: number;
}

const sketches: fc.Arbitrary<Sketch> = fc.integer({ min: 0, max: 3 }).chain((rank) =>
  fc.record({
    extents: fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), {
      minLength: rank,
      maxLength: rank,
    }),
    chunkShapes: fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: rank, maxLength: rank }), {
      minLength: 1,
      maxLength: 3,
    }),
    ranges: fc.array(
      fc.record({ start: fc.nat(20), count: fc.nat(20), step: fc.integer({ min: 1, max: 7 }) }),
      { minLength: rank, maxLength: rank },
    ),
    missing: fc.nat(64),
  }),
);

function runsOf(extents: number[]): RunLengths {
  return { sizes: [...extents], counts: extents.map(() => 1) };
}

/** A manifest of one array of int8, each element a byte: the number of the element is its offset in its object's own order. */
function build({ extents, chunkShapes, missing }: Sketch) {
  const sink = new MemorySink();
  const builder = new ManifestBuilder(sink);
  const pieceGrid = extents.map(runsOf);
  const cells = gridShape(pieceGrid);
  const shape = extents.map((list) => list.reduce((a, b) => a + b, 0));
  const count = elementCount(cells);
  const pieces = Array.from({ length: count }, (_, row): ManifestPiece => {
    const chunkShape = chunkShapes[row % chunkShapes.length];
    const layout: Layout = { storedDtype: 'int8', chunkShape, codecs: [], edgeChunksPadded: true };
    const piece = { layout, packing, skippedCodecs: [] as number[], name: `piece ${row}` };
    if (row === missing) return { ...piece, object: undefined, offsets: [], lengths: [] };
    const { shape: box } = gridCell(pieceGrid, unravel(row, cells));
    const chunks = elementCount(gridShape(box.map((extent, axis) => regularRuns(extent, chunkShape[axis]))));
    const object = builder.addObject(`file:///run/part_${row}.nc`, {
      size: 10 + row,
      etag: `${row}`,
      modifiedUs: row,
    });
    const numbers = Array.from({ length: chunks }, (_, chunk) => chunk);
    const other = builder.addObject(`file:///run/other_${row}`, { size: 1, etag: '', modifiedUs: 0 });
    return {
      ...piece,
      object,
      // Out of order, with a gap, one chunk never written.
      offsets: numbers.map((chunk) => (chunks - chunk) * 1000 + row),
      lengths: numbers.map((chunk) => (chunk === 1 ? 0 : 500 + chunk)),
      skippedCodecs: row % 2 === 0 ? [] : numbers.map((chunk) => chunk % 4),
      // Of every third piece, each second chunk lies in another object.
      objects: row % 3 === 2 ? numbers.map((chunk) => (chunk % 2 === 1 ? other + 1 : 0)) : undefined,
    };
  });
  builder.addArray({ shape, pieceGrid, pieces });
  builder.finish();
  return { shape, pieces, pieceGrid, manifest: sink.bytes() };
}

function clip(ranges: Sketch['ranges'], shape: number[]): IndexRange[] {
  return ranges.map(({ start, count, step }, axis) => {
    const first = Math.min(start, shape[axis]);
    const room = Math.ceil((shape[axis] - first) / step);
    return { start: first, count: Math.min(count, room), step };
  });
}

function* selected(ranges: IndexRange[]): Generator<number[]> {
  const shape = ranges.map(({ count }) => count);
  for (let i = 0; i < elementCount(shape); i++) {
    yield unravel(i, shape).map((at, axis) => ranges[axis].start + at * ranges[axis].step);
  }
}

const inside = (index: number[], box: { origin: number[]; shape: number[] }) =>
  index.every((at, axis) => at >= box.origin[axis] && at < box.origin[axis] + box.shape[axis]);

describe('locating chunks', () => {
  it('covers each selected element exactly once, with what the piece says of it', async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (sketch) => {
        const { shape, pieces, pieceGrid, manifest } = build(sketch);
        const open = await openManifest(memorySource('m', manifest));
        assert.deepEqual(open.shapes, [shape]);
        const ranges = clip(sketch.ranges, shape);
        const located = await Array.fromAsync(open.locate(0, ranges));
        const cells = gridShape(pieceGrid);
        for (const index of selected(ranges)) {
          const holding = located.filter((piece) => inside(index, piece));
          assert.equal(holding.length, 1);
          const [piece] = holding;
          const at = pieceGrid.map((_, axis) => {
            let cell = 0;
            for (let end = sketch.extents[axis][0]; index[axis] >= end; end += sketch.extents[axis][++cell]);
            return cell;
          });
          const row = ravel(at, cells);
          const expected = pieces[row];
          assert.deepEqual(piece.layout, expected.layout);
          if (expected.object === undefined) {
            assert.equal(piece.object, undefined);
            assert.deepEqual(piece.chunks, []);
            continue;
          }
          assert.equal(piece.object?.url, `file:///run/part_${row}.nc`);
          assert.deepEqual(piece.object?.version, { size: 10 + row, etag: `${row}`, modifiedUs: row });
          const chunks = piece.chunks.filter((chunk) => inside(index, chunk));
          assert.equal(chunks.length, 1);
          const grid = gridShape(
            piece.shape.map((extent, axis) => regularRuns(extent, expected.layout.chunkShape[axis])),
          );
          const number = ravel(
            index.map((i, axis) => Math.floor((i - piece.origin[axis]) / expected.layout.chunkShape[axis])),
            grid,
          );
          const { offset, length, skippedCodecs, object } = chunks[0];
          assert.deepEqual(
            [offset, length, skippedCodecs],
            [expected.offsets[number], expected.lengths[number], expected.skippedCodecs[number] ?? 0],
          );
          const isElsewhere = row % 3 === 2 && number % 2 === 1;
          assert.equal(object?.url, isElsewhere ? `file:///run/other_${row}` : undefined);
        }
        const wanted = [...selected(ranges)];
        for (const chunk of located.flatMap((piece) => piece.chunks)) {
          assert.ok(
            wanted.some((index) => inside(index, chunk)),
            'a chunk that nothing was asked of',
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('fetches only the pages that it needs', async () => {
    const sink = new MemorySink();
    const builder = new ManifestBuilder(sink);
    const chunks = 200_000;
    const layout: Layout = { storedDtype: 'int8', chunkShape: [1], codecs: [], edgeChunksPadded: true };
    // Lengths that do not compress, so that pages are of a size worth not fetching.
    let state = 1;
    const lengths = Array.from({ length: chunks }, () => {
      state = (state * 48271) % 2147483647;
      return state % 1_000_000;
    });
    let end = 0;
    const offsets = lengths.map((length) => {
      end += length;
      return end - length;
    });
    const object = builder.addObject('file:///a.nc', { size: end, etag: '', modifiedUs: 0 });
    builder.addArray({
      shape: [chunks],
      pieceGrid: [regularRuns(chunks, chunks)],
      pieces: [{ object, layout, packing, offsets, lengths, skippedCodecs: [], name: 'a' }],
    });
    builder.finish();
    const bytes = sink.bytes();
    const source = memorySource('m', bytes);
    let read = 0;
    const counted = {
      ...source,
      read: (...[ranges, options]: Parameters<typeof source.read>) => {
        read += ranges.reduce((sum, { length }) => sum + length, 0);
        return source.read(ranges, options);
      },
    };
    const manifest = await openManifest(counted);
    const [piece] = await Array.fromAsync(manifest.locate(0, [{ start: 150_000, count: 2, step: 1 }]));
    assert.deepEqual(
      piece.chunks.map(({ offset, length }) => [offset, length]),
      [0, 1].map((i) => [offsets[150_000 + i], lengths[150_000 + i]]),
    );
    assert.ok(read < bytes.length / 2, `${read} of ${bytes.length} bytes were read`);
    const before = read;
    await Array.fromAsync(manifest.locate(0, [{ start: 150_010, count: 2, step: 1 }]));
    assert.equal(read, before);
  });

  it('refuses selections outside the array', async () => {
    const { manifest } = build({ extents: [[3]], chunkShapes: [[2]], ranges: [], missing: 9 });
    const open = await openManifest(memorySource('m', manifest));
    const bad: [number, IndexRange[]][] = [
      [1, [{ start: 0, count: 1, step: 1 }]],
      [0, []],
      [0, [{ start: 2, count: 2, step: 1 }]],
      [0, [{ start: 0, count: 1, step: 0 }]],
    ];
    for (const [array, ranges] of bad)
      await assert.rejects(Array.fromAsync(open.locate(array, ranges)), RangeError);
  });
});
