import assert from 'node:assert/strict';
import type { LocateBlocksRequest, LocateBlocksResponse } from '@hyperslab/proto/scheduler';
import { BlockPlaces } from '../../src/blocks/block-places.ts';
import { withStandInScheduler } from '../stand-in-scheduler.ts';

const never = new AbortController().signal;
const nowhere = { addresses: [], locations: [] };

describe('places of the blocks of a result', () => {
  it('are asked for once for all that are made by then, and then for the next', async () => {
    const asked: LocateBlocksRequest[] = [];
    const made: LocateBlocksResponse[] = [
      { addresses: ['a:1', 'b:1'], locations: [0, 1] },
      { addresses: ['b:1'], locations: [0, 0] },
    ];
    const locate = (request: LocateBlocksRequest) => {
      asked.push(request);
      return made.shift() ?? nowhere;
    };
    await withStandInScheduler({ locate }, async (scheduler) => {
      const first = { addresses: ['c:1'], locations: [0] };
      const places = new BlockPlaces(scheduler, { jobId: 'j', stage: 2, end: 8 }, 3, first, never);
      const all = await Promise.all([3, 4, 5, 6, 7].map((task) => places.of(task)));
      assert.deepEqual(all, ['c:1', 'a:1', 'b:1', 'b:1', 'b:1']);
    });
    const said = asked.map(({ stage, first, count, mustExist, asMade }) => [
      stage,
      first,
      count,
      mustExist,
      asMade,
    ]);
    assert.deepEqual(said, [
      [2, 4, 4, false, true],
      [2, 6, 2, false, true],
    ]);
  });

  it('are not known of a job that failed, and all who wait hear why', async () => {
    const locate = () => Promise.reject(new Error('it failed'));
    await withStandInScheduler({ locate }, async (scheduler) => {
      const places = new BlockPlaces(scheduler, { jobId: 'j', stage: 0, end: 2 }, 0, nowhere, never);
      const all = await Promise.allSettled([places.of(0), places.of(1)]);
      assert.deepEqual(
        all.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
    });
  });
});
