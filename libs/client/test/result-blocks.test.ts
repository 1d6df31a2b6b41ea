import assert from 'node:assert/strict';
import { elementCount, type MaskedArray } from '@hyperslab/array';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { ArrayFrame } from '@hyperslab/proto/worker';
import fc from 'fast-check';
import { placeBlocks } from '../src/place-blocks.ts';
import { assembleBlocks, type ResultBlock } from '../src/result-blocks.ts';
import { countingFrames, countingResult, framesOf } from './result-frames.ts';

const empty = Buffer.alloc(0);
const headerOf = (array: MaskedArray): ArrayFrame => ({
  header: { dtype: array.dtype, shape: array.shape, held: false },
  data: empty,
  mask: empty,
});

async function* stream(frames: Iterable<ArrayFrame>): AsyncGenerator<ArrayFrame> {
  yield* frames;
}

async function blocksOf(frames: Iterable<ArrayFrame>): Promise<ResultBlock[]> {
  const items = await Array.fromAsync(assembleBlocks(stream(frames)));
  return items.flatMap((item) => ('block' in item ? [item.block] : []));
}

const masked = fc.array(fc.record({ value: fc.double(), missing: fc.boolean() }), { maxLength: 40 }).map(
  (cells): MaskedArray => ({
    dtype: 'float64',
    shape: [cells.length],
    values: Float64Array.from(cells, ({ value }) => value),
    mask: Uint8Array.from(cells, ({ missing }) => Number(missing)),
  }),
);
const strings = fc
  .array(fc.string({ unit: 'grapheme' }), { maxLength: 20 })
  .map((values): MaskedArray => ({ dtype: 'string', shape: [values.length], values }));

describe('blocks from frames', () => {
  it('gives back what was cut, wherever it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(masked, strings),
        fc.integer({ min: 1, max: 50 }),
        async (array, frameBytes) => {
          const [block] = await blocksOf([headerOf(array), ...framesOf(array, 4, [0], frameBytes)]);
          assert.deepEqual(block, { ...array, mask: array.mask, block: 4, origin: [0], kernelVersion: '1' });
        },
      ),
    );
  });

  it('joins the blocks of an array', async () => {
    const result = countingResult(7, 4, 3);
    const placed = placeBlocks('float64', result.shape);
    for (const block of await blocksOf(countingFrames(result))) placed.place(block);
    assert.deepEqual(
      placed.array.values,
      Float64Array.from({ length: 28 }, (_, i) => i),
    );
    assert.equal(placed.array.mask, undefined);
  });

  it('keeps the mask of a block among others that have none', () => {
    const placed = placeBlocks('int8', [2, 2]);
    const block = { dtype: 'int8' as const, shape: [1, 2], values: Int8Array.of(1, 2), kernelVersion: '1' };
    placed.place({ ...block, block: 0, origin: [0, 0] });
    placed.place({ ...block, block: 1, origin: [1, 0], mask: Uint8Array.of(0, 1) });
    assert.deepEqual(placed.array.mask, Uint8Array.of(0, 0, 0, 1));
  });

  it('says that a stream ended early', async () => {
    const frames = [...countingFrames(countingResult(4, 4, 2))];
    await assert.rejects(
      () => blocksOf(frames.slice(0, -1)),
      (error) => isHyperslabError(error, 'SHORT_READ') && error.retryable,
    );
  });

  it('answers a typed error to any malformed stream, and allocates nothing for it', async () => {
    const size = fc.oneof(fc.nat(64), fc.constantFrom(2 ** 31, 2 ** 40, 2 ** 53 - 1));
    const frame = fc.record({
      header: fc.option(
        fc.record({
          dtype: fc.constantFrom('float64', 'int8', 'string', 'odd'),
          shape: fc.array(size),
          held: fc.boolean(),
        }),
        { nil: undefined },
      ),
      block: fc.option(
        fc.record({
          block: size,
          origin: fc.array(size),
          shape: fc.array(size, { maxLength: 3 }),
          dataBytes: size,
          masked: fc.boolean(),
          kernelVersion: fc.constant('1'),
        }),
        { nil: undefined },
      ),
      data: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
      mask: fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 6 }), async (frames) => {
        try {
          for (const block of await blocksOf(frames))
            assert.equal(block.values.length, elementCount(block.shape));
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
