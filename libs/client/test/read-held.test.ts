import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { JobState } from '@hyperslab/proto/scheduler';
import type { ArrayFrame, ReadResultRequest } from '@hyperslab/proto/worker';
import { type Client, connect } from '../src/index.ts';
import { jobOf } from './job-of.ts';
import { countingFrames, countingResult } from './result-frames.ts';
import { withStandIn } from './stand-in-mesh.ts';

const result = countingResult(8, 3, 2);
const expected = Float64Array.from({ length: 24 }, (_, i) => i);
const variable = { name: 't', dtype: 'float64', dimensions: ['y', 'x'], shape: [8, 3], chunkGrid: [] };
const dataset = {
  name: 'run',
  version: 3,
  publisher: '',
  title: '',
  attributes: [],
  variables: [{ ...variable, attributes: [], storedDtype: '', notComputable: '' }],
  cubes: [],
};

type Worker = (request: ReadResultRequest) => Iterable<ArrayFrame> | AsyncIterable<ArrayFrame>;

/** The header and some blocks of the result, in the order that is said. */
function* heldFrames(blocks: readonly number[], kernelVersion = '1'): Generator<ArrayFrame> {
  const [header] = countingFrames(result);
  yield { ...header, header: { ...header.header!, held: true } };
  for (const block of blocks) {
    let at: number | undefined;
    for (const frame of countingFrames(result, 0, kernelVersion)) {
      at = frame.block?.block ?? at;
      if (at === block) yield frame;
    }
  }
}

/** A worker that holds some blocks, and has the others from elsewhere. */
function holding(blocks: readonly number[]): Worker {
  return (request) => (request.held ? heldFrames(blocks) : foundFrames(request));
}

/** The header and as many blocks as are asked for. */
function* foundFrames({ firstBlock, blocks }: ReadResultRequest): Generator<ArrayFrame> {
  for (const frame of countingFrames(result, firstBlock)) {
    if (blocks > 0 && frame.block?.block === firstBlock + blocks) return;
    yield frame;
  }
}

/** A session with two workers, and what each was asked for. */
async function withWorkers(
  workers: readonly [Worker, Worker],
  body: (client: Client) => Promise<void>,
  onRelease = () => {},
): Promise<string[]> {
  const asked: string[] = [];
  const streamOf = (at: number) => ({
    readResult: async function* (request: ReadResultRequest) {
      const { held, firstBlock, blocks } = request;
      asked.push(`${'ab'[at]} ${held ? 'held' : blocks || 'all'} from ${firstBlock}`);
      yield* workers[at](request);
    },
  });
  const unary = {
    getDataset: () => dataset,
    submitCompute: () => jobOf({ result }),
    cancelJob: () => jobOf({ state: JobState.JOB_STATE_CANCELLED }),
    releaseJob: () => {
      onRelease();
      return {};
    },
  };
  await withStandIn({ unary, streams: streamOf(0) }, (_first, a) =>
    withStandIn({ streams: streamOf(1) }, async (_second, b) => {
      const client = await connect({ catalog: a, scheduler: a, workers: [a, b], patienceMs: 2_000 });
      try {
        await body(client);
      } finally {
        client.close();
      }
    }),
  );
  return asked.sort();
}

async function compute(client: Client) {
  return (await client.open('run')).variable('t').compute();
}

describe('results of which each worker sends what it holds', () => {
  const fromEach = ['a held from 0', 'b held from 0'];

  it('are gathered in whatever order they come', async () => {
    const asked = await withWorkers([holding([3, 0]), holding([2, 1])], async (client) => {
      assert.deepEqual((await compute(client)).values, expected);
    });
    assert.deepEqual(asked, fromEach);
  });

  it('count each block once that two of them hold', async () => {
    const asked = await withWorkers([holding([0, 1, 2]), holding([2, 1, 3])], async (client) => {
      const { values, missing } = await compute(client);
      assert.deepEqual(values, expected);
      assert.equal(missing, 0);
    });
    assert.deepEqual(asked, fromEach);
  });

  it('have one find what none of them holds, and no more', async () => {
    const lacking = async (a: number[], b: number[]) => {
      const asked = await withWorkers([holding(a), holding(b)], async (client) => {
        assert.deepEqual((await compute(client)).values, expected);
      });
      return asked.filter((each) => !each.includes('held')).map((each) => each.slice(2));
    };
    assert.deepEqual(await lacking([0, 3], [1]), ['1 from 2']);
    assert.deepEqual(await lacking([1], [3]), ['1 from 0', '1 from 2']);
    assert.deepEqual(await lacking([0], [1]), ['2 from 2']);
    assert.deepEqual(await lacking([], []), ['4 from 0']);
  });

  it('need none that is lost: what it held is made again by another', async () => {
    const lost: Worker = function* () {
      yield* heldFrames([0]);
      throw new HyperslabError('WORKER_LOST', 'gone');
    };
    const asked = await withWorkers([lost, holding([1, 2, 3, 0])], async (client) => {
      assert.deepEqual((await compute(client)).values, expected);
    });
    assert.deepEqual(asked, fromEach);
  });

  it('are read from one where another knows of no such reading', async () => {
    const older: Worker = ({ firstBlock }) => countingFrames(result, firstBlock);
    const asked = await withWorkers([older, older], async (client) => {
      assert.deepEqual((await compute(client)).values, expected);
    });
    assert.equal(asked.filter((each) => each.includes('all')).length, 1);
  });

  it('are not released before one of them has said that all is made', async () => {
    const told: string[] = [];
    const slow: Worker = async function* () {
      yield* heldFrames([0, 1, 2, 3]);
      await sleep(100);
      told.push('all is made');
    };
    const slower: Worker = async function* () {
      yield* heldFrames([]);
      await sleep(400);
      told.push('said again');
    };
    const body = async (client: Client) => {
      assert.deepEqual((await compute(client)).values, expected);
      told.push('computed');
      for (let looks = 0; looks < 100 && !told.includes('released'); looks++) await sleep(20);
    };
    await withWorkers([slow, slower], body, () => told.push('released'));
    assert.equal(told[0], 'all is made');
    assert.ok(told.includes('released'));
    // The end of one is enough.
    assert.ok(!told.slice(0, told.indexOf('computed')).includes('said again'));
  });

  it('are void when two kernels made them', async () => {
    const other: Worker = ({ held, firstBlock }) =>
      held ? heldFrames([2, 3], '2') : countingFrames(result, firstBlock, '2');
    await withWorkers([holding([0, 1]), other], async (client) => {
      assert.deepEqual((await compute(client)).values, expected);
    });
  });

  it('are void when their job was planned again in other blocks, whatever another worker has of the former ones', async () => {
    const others = countingResult(8, 3, 4);
    const planned: Worker = function* ({ held, firstBlock }) {
      if (!held) return yield* countingFrames(others, firstBlock);
      yield* heldFrames([0]);
      throw new HyperslabError('OTHER_KERNELS', 'planned again');
    };
    const late: Worker = async function* ({ held, firstBlock }) {
      if (!held) return yield* countingFrames(others, firstBlock);
      await sleep(100);
      yield* heldFrames([0, 1, 2, 3]);
    };
    const asked = await withWorkers([planned, late], async (client) => {
      assert.deepEqual((await compute(client)).values, expected);
    });
    assert.match(asked.find((each) => !each.includes('held')) ?? '', /all from 0/);
  });

  it('fail with what the job failed with', async () => {
    const failing: Worker = () => {
      throw new HyperslabError('FORMAT_CORRUPT', 'bad file');
    };
    await withWorkers([holding([0]), failing], async (client) => {
      await assert.rejects(compute(client), (error) => isHyperslabError(error, 'FORMAT_CORRUPT'));
    });
  });

  it('come in order from one to whoever reads them block by block', async () => {
    const read: number[] = [];
    const asked = await withWorkers([holding([]), holding([])], async (client) => {
      for await (const { block } of (await client.open('run')).variable('t').blocks()) read.push(block);
    });
    assert.deepEqual(read, [0, 1, 2, 3]);
    assert.deepEqual(asked.length, 1);
  });
});
