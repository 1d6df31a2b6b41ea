import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { assertWritable, writingBytesOf, writingNeed } from '../../src/link/writing-need.ts';

describe('what is needed to write chunks', () => {
  const planOf = (dtype: string) =>
    Plan.fromPartial({
      stages: [
        {},
        { kind: StageKind.STAGE_KIND_BEGIN_OUTPUT },
        { kind: StageKind.STAGE_KIND_WRITE_CHUNKS },
        { kind: StageKind.STAGE_KIND_FINISH_OUTPUT },
      ],
      output: { url: 'a.zarr', result: { dtype }, chunkShape: [10, 0, 20] },
    });

  it('is some times a chunk, of the tasks that write', () => {
    const bytes = (dtype: string) =>
      [0, 1, 2, 3].map((stage) => writingBytesOf(writingNeed(planOf(dtype)), stage));
    assert.deepEqual(bytes('int16'), [0, 0, 2400, 0]);
    assert.deepEqual(bytes('string'), [0, 0, 19_200, 0]);
    assert.equal(writingNeed(Plan.create()), undefined);
  });

  it('is refused with numbers where it is more than there is, before anything is written', () => {
    const need = writingNeed(planOf('float64'));
    for (const stage of [1, 2])
      assert.throws(
        () => assertWritable(need, stage, 9_000),
        (error) =>
          isHyperslabError(error, 'TOO_LARGE') &&
          /chunks \[10, 0, 20\] of float64 take 1600 bytes, .* writes one 9600; this worker has 9000 .* at most 1500 bytes, or give workers more memory/.test(
            error.message,
          ),
      );
    for (const stage of [0, 3]) assertWritable(need, stage, 9_000);
    for (const stage of [0, 1, 2, 3]) assertWritable(need, stage, 9_600);
  });
});
