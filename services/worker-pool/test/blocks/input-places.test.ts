import assert from 'node:assert/strict';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { LocateBlocksRequest } from '@hyperslab/proto/scheduler';
import fc from 'fast-check';
import { InputPlaces } from '../../src/blocks/input-places.ts';
import { withStandInScheduler } from '../stand-in-scheduler.ts';

/** A scheduler that knows where some blocks are: those of which `made` says so, each at an address of its own. */
function schedulerOf(made: (task: number) => boolean, asked: LocateBlocksRequest[], knowsAsMade: boolean) {
  return (request: LocateBlocksRequest) => {
    asked.push(request);
    const { first, count, asMade } = request;
    const tasks = Array.from({ length: count }, (_, at) => first + at);
    const missing = tasks.findIndex((task) => !made(task));
    const told = missing < 0 ? count : asMade && knowsAsMade ? missing : 0;
    if (told === 0) throw new HyperslabError('BLOCK_NOT_FOUND', 'not made');
    return {
      addresses: tasks.slice(0, told).map((task) => `w${task}:1`),
      locations: [...tasks.slice(0, told).keys()],
    };
  };
}

const key = (task: number, listing = '', stage = 1) => ({ jobId: 'j', stage, task, listing });

const { signal: never } = new AbortController();

describe('places of the inputs of tasks', () => {
  it('are waited for no longer by a task that is aborted, and the call ends with the last of them', async () => {
    const asked = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const locate = async (_: LocateBlocksRequest, { signal }: { signal: AbortSignal }) => {
      asked.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended.resolve();
      return { addresses: [], locations: [] };
    };
    await withStandInScheduler({ locate }, async (scheduler) => {
      const places = new InputPlaces(scheduler);
      const [first, second, gone] = [0, 1, 2].map(() => new AbortController());
      gone.abort(new Error('went before'));
      const waiting = [first, second, gone].map(({ signal }, task) => places.of(key(task), signal));
      await assert.rejects(waiting[2], /went before/);
      await asked.promise;
      first.abort(new Error('went first'));
      await assert.rejects(waiting[0], /went first/);
      let hasEnded = false;
      void ended.promise.then(() => {
        hasEnded = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(!hasEnded, 'the call goes on for the other');
      second.abort(new Error('went last'));
      await assert.rejects(waiting[1], /went last/);
      await ended.promise;
    });
  });

  it('are asked for in one request when they are asked for at once', async () => {
    const asked: LocateBlocksRequest[] = [];
    await withStandInScheduler({ locate: schedulerOf(() => true, asked, true) }, async (scheduler) => {
      const places = new InputPlaces(scheduler);
      const all = await Promise.all([9, 2, 5].map((task) => places.of(key(task), never)));
      assert.deepEqual(all, ['w9:1', 'w2:1', 'w5:1']);
      await Promise.all([
        places.of(key(1), never),
        places.of(key(1, 'other'), never),
        places.of(key(1, '', 2), never),
        places.of(key(9_000), never),
      ]);
    });
    const said = asked.map(({ stage, listing, first, count, mustExist }) => [
      stage,
      listing,
      first,
      count,
      mustExist,
    ]);
    assert.deepEqual(said.shift(), [1, '', 2, 8, true]);
    assert.deepEqual(
      said.sort((a, b) => String(a).localeCompare(String(b))),
      [
        [1, '', 1, 1, true],
        [1, '', 9_000, 1, true],
        [1, 'other', 1, 1, true],
        [2, '', 1, 1, true],
      ],
    );
  });

  it('are those of each block, whichever of them are made, and whether or not the scheduler tells a part', async () => {
    const cases = fc.record({
      wanted: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 8 }),
      missing: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
      knowsAsMade: fc.boolean(),
    });
    let made: (task: number) => boolean = () => true;
    let knows = true;
    const asked: LocateBlocksRequest[] = [];
    const locate = (request: LocateBlocksRequest) => schedulerOf(made, asked, knows)(request);
    await withStandInScheduler({ locate }, async (scheduler) => {
      const places = new InputPlaces(scheduler);
      await fc.assert(
        fc.asyncProperty(cases, async ({ wanted, missing, knowsAsMade }) => {
          made = (task) => !missing.includes(task);
          knows = knowsAsMade;
          const all = await Promise.allSettled(wanted.map((task) => places.of(key(task), never)));
          for (const [at, found] of all.entries()) {
            if (made(wanted[at])) assert.deepEqual(found, { status: 'fulfilled', value: `w${wanted[at]}:1` });
            else assert.ok(found.status === 'rejected' && isHyperslabError(found.reason, 'BLOCK_NOT_FOUND'));
          }
        }),
        { numRuns: 50 },
      );
    });
  });
});
