import assert from 'node:assert/strict';
import { gridCell, gridShape, regularRuns, unravel } from '@hyperslab/array';
import fc from 'fast-check';
import { cutIntoChunks } from '../../src/netcdf3/chunks.ts';
import type { DataExtent } from '../../src/netcdf3/record-layout.ts';

const mebibyte = 1024 * 1024;

/** A variable of float32 with the record dimension first, if it has one. */
function extentOf(shape: number[], isRecord: boolean, between: number): DataExtent {
  const inner = isRecord ? shape.slice(1) : shape;
  const bytes = inner.reduce((product, extent) => product * extent, 4);
  return {
    variable: {
      name: 'v',
      dimensions: [],
      attributes: [],
      type: { dtype: 'float32', width: 4 },
      begin: 1000,
    },
    shape,
    isRecord,
    bytes,
    stride: isRecord ? bytes + between : 0,
  };
}

/** Offset in the file of an element. */
function offsetOf({ shape, isRecord, stride, variable }: DataExtent, index: number[]): number {
  const inner = isRecord ? index.slice(1) : index;
  const innerShape = isRecord ? shape.slice(1) : shape;
  let linear = 0;
  for (const [axis, extent] of innerShape.entries()) linear = linear * extent + inner[axis];
  return variable.begin + 4 * linear + (isRecord ? index[0] * stride : 0);
}

const anyExtent = fc
  .record({
    shape: fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3000 })), {
      maxLength: 4,
    }),
    isRecord: fc.boolean(),
    between: fc.oneof(
      fc.constant(0),
      fc.nat(100).map((n) => 4 * n),
      fc.nat(mebibyte).map((n) => 4 * n),
    ),
  })
  .filter(({ shape, isRecord }) => !isRecord || shape.length > 0)
  .filter(({ shape }) => shape.reduce((product, extent) => product * extent, 1) < 1e9)
  .map(({ shape, isRecord, between }) => extentOf(shape, isRecord, between));

describe('netcdf3: chunks', () => {
  it('begin and end where their values do, and hold no more than they may', () => {
    fc.assert(
      fc.property(anyExtent, fc.nat(), (extent, choice) => {
        const { layout, chunks } = cutIntoChunks(extent);
        const grid = extent.shape.map((length, axis) => regularRuns(length, layout.chunkShape[axis]));
        const cells = gridShape(grid);
        const count = cells.reduce((product, cell) => product * cell, 1);
        assert.equal(chunks.offsets.length, count);
        assert.equal(chunks.lengths.length, count);
        for (const row of [0, count - 1, choice % count]) {
          const { origin, shape } = gridCell(grid, unravel(row, cells));
          const last = origin.map((start, axis) => start + shape[axis] - 1);
          assert.equal(chunks.offsets[row], offsetOf(extent, origin));
          assert.equal(chunks.offsets[row] + chunks.lengths[row], offsetOf(extent, last) + 4);
          const gathers = layout.codecs.length > 1;
          const values = 4 * shape.reduce((product, length) => product * length, 1);
          assert.ok(gathers || chunks.lengths[row] === values);
          assert.ok(chunks.lengths[row] <= (gathers ? mebibyte : 4 * mebibyte));
        }
      }),
    );
  });

  it('of no records are none', () => {
    const { layout, chunks } = cutIntoChunks(extentOf([0, 5], true, 100));
    assert.deepEqual(chunks, { offsets: [], lengths: [], skippedCodecs: [] });
    assert.ok(layout.chunkShape.every((extent) => extent >= 1));
  });

  it('of records of 64 KiB are these records', () => {
    const { layout } = cutIntoChunks(extentOf([10, 128, 128], true, 4));
    assert.deepEqual([layout.chunkShape, layout.codecs.length], [[1, 128, 128], 1]);
  });

  it('of small records among others are many records', () => {
    const { layout } = cutIntoChunks(extentOf([1000, 2], true, 8184));
    assert.deepEqual(layout.chunkShape, [128, 2]);
    assert.equal(layout.codecs[1].configuration, '{"stride":8192,"record_bytes":8}');
  });
});
