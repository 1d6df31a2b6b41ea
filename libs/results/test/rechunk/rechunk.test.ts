import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { elementCount, regularRuns, unravel } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { chunkShape, chunkShapeWithin, chunksAlign } from '../../src/rechunk/choose-chunks.ts';
import { type Chunk, rechunk } from '../../src/rechunk/rechunk.ts';
import type { ResultBox } from '../../src/result.ts';
import { blocksOf, rangeArray } from '../range-array.ts';

async function all(chunks: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const list: Chunk[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return list;
}

async function* stream(blocks: readonly ResultBox[]): AsyncGenerator<ResultBox> {
  yield* blocks;
}

const axis = fc.record({
  extent: fc.integer({ min: 1, max: 7 }),
  block: fc.integer({ min: 1, max: 7 }),
  chunk: fc.integer({ min: 1, max: 7 }),
});

describe('rechunk', () => {
  it('cuts any blocks, in any order, into any chunks, whatever memory it may take', async () => {
    await withTemporaryDirectory(async (folder) => {
      const property = fc.asyncProperty(
        fc.array(axis, { maxLength: 4 }),
        fc.constantFrom('int8', 'int16', 'float64', 'int64', 'string') as fc.Arbitrary<'int8'>,
        fc.constantFrom(0, 300, 2000, 2 ** 26),
        fc.boolean(),
        fc.boolean(),
        async (axes, dtype, memory, inOrder, reversed) => {
          const shape = axes.map(({ extent }) => extent);
          const chunk = axes.map((each) => Math.min(each.chunk, each.extent));
          const whole = rangeArray(dtype, shape);
          const blocks = blocksOf(
            whole,
            axes.map(({ extent, block }) => regularRuns(extent, block)),
          );
          if (reversed) blocks.reverse();
          const memoryBytes = (dtype as string) === 'string' ? 2 ** 26 : memory;
          const options = { dtype, shape, chunk, inOrder, memoryBytes, scratchBeside: join(folder, 'a.nc') };
          const chunks = await all(rechunk(stream(blocks), options));
          const grid = shape.map((extent, i) => Math.ceil(extent / chunk[i]));
          const numbers = chunks.map(({ index }) => index.reduce((sum, cell, i) => sum * grid[i] + cell, 0));
          const expected = Array.from({ length: elementCount(grid) }, (_, i) => i);
          assert.deepEqual(inOrder ? numbers : numbers.toSorted((a, b) => a - b), expected);
          for (const one of chunks)
            for (let i = 0; i < one.values.length; i++) {
              const index = unravel(i, one.shape).map((cell, j) => cell + one.origin[j]);
              const at = index.reduce((sum, cell, j) => sum * shape[j] + cell, 0);
              assert.equal(one.mask?.[i] ?? 0, whole.mask![at]);
              if (whole.mask![at] === 0) assert.equal(one.values[i], whole.values[at]);
            }
        },
      );
      await fc.assert(property, { numRuns: 300 });
      assert.deepEqual(await readdir(folder), []);
    });
  });

  it('refuses texts that do not fit, and blocks that lack something', async () => {
    const shape = [4, 4];
    const texts = rangeArray('string', shape);
    const grid = [regularRuns(4, 1), regularRuns(4, 4)];
    const base = { shape, chunk: [4, 1], scratchBeside: '/nowhere/a' };
    await assert.rejects(
      all(rechunk(stream(blocksOf(texts, grid)), { ...base, dtype: 'string', memoryBytes: 100 })),
      (error) => isHyperslabError(error, 'TOO_LARGE'),
    );
    const some = blocksOf(rangeArray('int16', shape), grid).slice(1);
    await assert.rejects(all(rechunk(stream(some), { ...base, dtype: 'int16' })), (error) =>
      isHyperslabError(error, 'INTERNAL'),
    );
  });

  it('names the file when there is no room for what it puts aside', async () => {
    const blocks = blocksOf(rangeArray('int16', [4, 4]), [regularRuns(4, 1), regularRuns(4, 4)]);
    const options = { dtype: 'int16', shape: [4, 4], chunk: [4, 1], memoryBytes: 0 } as const;
    await assert.rejects(
      all(rechunk(stream(blocks), { ...options, scratchBeside: '/nowhere/a.nc' })),
      /\/nowhere\/a\.nc.*expected a file in a folder that exists/,
    );
  });
});

describe('extents of chunks', () => {
  it('are whole rows', () => {
    assert.deepEqual(chunkShape([10, 1000, 2000]), [1, 524, 2000]);
    assert.deepEqual(chunkShape([4, 0]), [4, 1]);
  });

  it('lie within blocks where that is sensible', () => {
    fc.assert(
      fc.property(
        fc.array(axis, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 50 }),
        (axes, most) => {
          const shape = axes.map(({ extent }) => extent);
          const grid = axes.map(({ extent, block }) => regularRuns(extent, block));
          const chunk = chunkShapeWithin(shape, grid, most);
          assert.ok(elementCount(chunk) <= most);
          const free = elementCount(chunkShape(shape, most));
          assert.ok(chunksAlign(chunk, shape, grid) || elementCount(chunk) === free);
        },
      ),
    );
    const grid = [regularRuns(100, 6), regularRuns(2000, 2000)];
    assert.deepEqual(chunkShapeWithin([100, 2000], grid, 8000), [3, 2000]);
    // Blocks of 7 and 11 have no common part: chunks as they are best, put into order on the way.
    assert.deepEqual(chunkShapeWithin([18], [{ sizes: [7, 11], counts: [1, 1] }], 9), [7]);
    assert.deepEqual(chunkShapeWithin([29], [{ sizes: [7, 11], counts: [1, 2] }], 29), [29]);
  });
});
