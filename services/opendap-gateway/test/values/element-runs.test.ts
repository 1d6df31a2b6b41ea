import assert from 'node:assert/strict';
import { encodeValues, type MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { ArrayFrame } from '@hyperslab/proto/worker';
import fc from 'fast-check';
import { elementRuns } from '../../src/values/element-runs.ts';
import { framesOf } from '../stand-in-upstream.ts';

async function collect(frames: Iterable<ArrayFrame>, array: MaskedArray, together = 1): Promise<Uint8Array> {
  const { dtype, shape } = array;
  const runs: Uint8Array[] = [];
  const options = { dtype, shape, missing: 99, together };
  for await (const run of elementRuns(asStream(frames), options)) {
    assert.equal(
      run.length % (encodeValues({ ...array, values: array.values.slice(0, 1) }).length * together),
      0,
    );
    runs.push(run.slice());
  }
  return Buffer.concat(runs);
}

async function* asStream(frames: Iterable<ArrayFrame>) {
  yield* frames;
}

const ranges = (shape: number[]) => shape.map((count) => ({ start: 0, count, step: 1 }));
const array: MaskedArray = {
  dtype: 'int16',
  shape: [3, 5],
  values: Int16Array.from({ length: 15 }, (_, i) => i),
};

describe('elementRuns', () => {
  it('join frames of any length into whole elements', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 5),
        async (frameBytes, together) => {
          const frames = framesOf(array, { ranges: ranges(array.shape) }, frameBytes);
          const bytes = await collect(frames, array, together);
          assert.deepEqual(
            [...new Int16Array(new Uint8Array(bytes).buffer)],
            [...(array.values as Int16Array)],
          );
        },
      ),
    );
  });

  it('fill masked values', async () => {
    const mask = Uint8Array.from({ length: 15 }, (_, i) => Number(i % 4 === 0));
    const masked = { ...array, mask };
    for (const frameBytes of [3, 7, 100]) {
      const bytes = await collect(framesOf(masked, { ranges: ranges(array.shape) }, frameBytes), masked);
      const values = new Int16Array(new Uint8Array(bytes).buffer);
      assert.deepEqual(
        [...values],
        Array.from({ length: 15 }, (_, i) => (i % 4 === 0 ? 99 : i)),
      );
    }
  });

  it('are none for no elements', async () => {
    const empty: MaskedArray = { dtype: 'int16', shape: [0, 5], values: new Int16Array(0) };
    assert.equal((await collect(framesOf(empty, { ranges: ranges([0, 5]) }, 10), empty)).length, 0);
  });

  const frames = () => [...framesOf(array, { ranges: ranges(array.shape) }, 4)];
  const damages: [string, () => ArrayFrame[]][] = [
    ['the end is missing', () => frames().slice(0, -1)],
    ['a frame is missing', () => frames().toSpliced(2, 1)],
    ['a frame comes twice', () => frames().flatMap((frame, i) => (i === 3 ? [frame, frame] : [frame]))],
    ['blocks come in another order', () => frames().toReversed()],
    ['nothing comes', () => []],
    [
      'it is of another type',
      () => [ArrayFrame.fromPartial({ header: { dtype: 'int32', shape: [3, 5] } }), ...frames().slice(1)],
    ],
    [
      'it is of another shape',
      () => [ArrayFrame.fromPartial({ header: { dtype: 'int16', shape: [5, 3] } }), ...frames().slice(1)],
    ],
    [
      'a block says it is larger than it is',
      () =>
        frames().map((frame) =>
          frame.block ? { ...frame, block: { ...frame.block, dataBytes: 1e12 } } : frame,
        ),
    ],
    ['a mask comes unasked', () => frames().map((frame) => ({ ...frame, mask: Buffer.alloc(1) }))],
  ];
  for (const [what, damaged] of damages)
    it(`fail when ${what}`, async () => {
      await assert.rejects(collect(damaged(), array), (error) => isHyperslabError(error, 'INTERNAL'));
    });
});
