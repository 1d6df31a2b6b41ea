import assert from 'node:assert/strict';
import { elementCount, gridCell, gridShape, ravel, regularRuns, unravel } from '@hyperslab/array';
import fc from 'fast-check';
import { contiguousChunkShape, contiguousChunks } from '../../src/hdf5/contiguous-chunks.ts';

const mostBytes = 4 * 1024 * 1024;

describe('contiguous chunks', () => {
  it('are the cells of their grid, each one run of bytes, in order and without gaps', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 4 }),
        fc.constantFrom(1, 2, 4, 8),
        (extents, width) => {
          // One long dimension, so that arrays are cut in any of them.
          const shape = extents.map((extent, i) => (i === extents.length - 1 ? extent * 7 : extent));
          const chunkShape = contiguousChunkShape(shape, width);
          const grid = shape.map((extent, axis) => regularRuns(extent, chunkShape[axis]));
          const cells = gridShape(grid);
          fc.pre(elementCount(cells) < 100_000);
          let end = 0;
          let row = 0;
          for (const { offset, length } of contiguousChunks(shape, chunkShape, width)) {
            const cell = gridCell(grid, unravel(row++, cells));
            assert.equal(offset, end);
            assert.equal(offset, width * ravel(cell.origin, shape));
            assert.equal(length, width * elementCount(cell.shape));
            assert.ok(length <= mostBytes);
            end += length;
          }
          assert.equal(row, elementCount(cells));
          assert.equal(end, width * elementCount(shape));
        },
      ),
    ));

  it('are none where a dimension is empty, one for a scalar', () => {
    assert.deepEqual([...contiguousChunks([3, 0], contiguousChunkShape([3, 0], 4), 4)], []);
    assert.deepEqual([...contiguousChunks([], contiguousChunkShape([], 4), 4)], [{ offset: 0, length: 4 }]);
  });

  it('are as long as the limit allows in one dimension', () => {
    assert.deepEqual(contiguousChunkShape([100, 1000, 1000], 4), [1, 1000, 1000]);
    assert.deepEqual(contiguousChunkShape([100, 1024, 2048], 4), [1, 512, 2048]);
    assert.deepEqual(contiguousChunkShape([3, 5_000_000], 8), [1, 524_288]);
  });
});
