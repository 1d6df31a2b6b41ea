import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { JobState } from '@hyperslab/proto/scheduler';
import { connect } from '../src/index.ts';
import { jobOf } from './job-of.ts';
import { countingFrames, countingResult } from './result-frames.ts';
import { type StandIn, withStandIn } from './stand-in-mesh.ts';

const result = countingResult(5, 3, 2);
const dataset = {
  name: 'run',
  version: 3,
  publisher: '',
  title: '',
  attributes: [],
  variables: [
    {
      name: 't',
      dtype: 'float64',
      dimensions: ['y', 'x'],
      shape: [5, 3],
      attributes: [],
      chunkGrid: [],
      storedDtype: '',
      notComputable: '',
    },
  ],
  cubes: [],
};

/** A mesh that answers the counting result, and a record of what it was asked. */
function countingMesh(overrides: StandIn = {}) {
  const asked: { method: string; request: Record<string, unknown> }[] = [];
  const record = (method: string, answer: () => unknown) => (request: Record<string, unknown>) => {
    asked.push({ method, request });
    return answer();
  };
  const standIn: StandIn = {
    unary: {
      getDataset: () => dataset,
      submitCompute: record('submitCompute', () => jobOf()),
      cancelJob: record('cancelJob', () => jobOf({ state: JobState.JOB_STATE_CANCELLED })),
      releaseJob: record('releaseJob', () => ({})),
      ...overrides.unary,
    },
    streams: {
      readResult: async function* ({ firstBlock }) {
        asked.push({ method: 'readResult', request: { firstBlock } });
        yield* countingFrames(result, firstBlock);
      },
      ...overrides.streams,
    },
  };
  const methods = () => asked.map(({ method }) => method);
  const hears = async (method: string) => {
    while (!methods().includes(method)) await sleep(1);
  };
  return { standIn, asked, methods, hears };
}

describe('computing', () => {
  const expected = Float64Array.from({ length: 15 }, (_, i) => i);

  it('gathers the blocks of a result and releases it', async () => {
    const mesh = countingMesh();
    await withStandIn(mesh.standIn, async (client) => {
      const computed = await (await client.open('run')).variable('t').compute();
      assert.deepEqual(computed.values, expected);
      assert.deepEqual(computed.shape, [5, 3]);
      assert.equal(computed.units, 'm');
      assert.deepEqual([computed.missing, computed.nan], [0, 0]);
      // Nobody waits for that; it comes to its end also when the session does.
      client.close();
      await mesh.hears('releaseJob');
    });
    assert.deepEqual(mesh.methods(), ['submitCompute', 'readResult', 'releaseJob']);
    const expression = mesh.asked[0].request.expression as { dataset: string };
    assert.equal(expression.dataset, 'run@3', 'the version that was opened is the one that is computed');
  });

  it('goes on at the first block that it has not got when the stream breaks', async () => {
    let streams = 0;
    const firstBlocks: number[] = [];
    const mesh = countingMesh({
      streams: {
        readResult: async function* ({ firstBlock }) {
          firstBlocks.push(firstBlock);
          if (++streams > 1) return yield* countingFrames(result, firstBlock);
          let frames = 0;
          for (const frame of countingFrames(result, firstBlock)) {
            // Two blocks of 48 bytes are 14 frames: this one is inside the second.
            if (++frames > 10) throw new HyperslabError('WORKER_LOST', 'gone');
            yield frame;
          }
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const computed = await (await client.open('run')).variable('t').compute();
      assert.deepEqual(computed.values, expected);
    });
    assert.deepEqual(firstBlocks, [0, 1]);
  });

  it('reads the result where it is held, if that is one of its workers, and elsewhere after a failure', async () => {
    const nobody = '127.0.0.1:1';
    const submits = async (heldAt: (address: string) => string) => {
      let held = '';
      let submitted = 0;
      const submitCompute = () => {
        submitted++;
        return jobOf({ heldAt: held });
      };
      const mesh = countingMesh({ unary: { submitCompute } });
      await withStandIn(mesh.standIn, async (_, address) => {
        const session = await connect({ catalog: address, scheduler: address, workers: [nobody, address] });
        held = heldAt(address);
        const computed = await (await session.open('run')).variable('t').compute();
        assert.deepEqual(computed.values, expected);
        session.close();
      });
      return submitted;
    };
    assert.equal(await submits((address) => address), 1);
    assert.equal(await submits(() => nobody), 2);
    assert.equal(await submits(() => 'not-ours:1'), 2);
  });

  /** A worker whose first streams are each by older kernels from some block on. */
  function changingKernels(changes: number) {
    const firstBlocks: number[] = [];
    const mesh = countingMesh({
      streams: {
        readResult: async function* ({ firstBlock }) {
          firstBlocks.push(firstBlock);
          const made = firstBlocks.length;
          const last = made > changes;
          for (const frame of countingFrames({ ...result, units: 'm' }, firstBlock, String(made))) {
            // From its second block on it comes of the job that had begun again.
            if (!last && frame.block !== undefined && frame.block.block > 0)
              frame.block.kernelVersion = String(made + 1);
            yield frame;
          }
        },
      },
    });
    return { mesh, firstBlocks };
  }

  it('begins again at the first block when the job did with other kernels', async () => {
    const { mesh, firstBlocks } = changingKernels(2);
    await withStandIn(mesh.standIn, async (client) => {
      const computed = await (await client.open('run')).variable('t').compute();
      assert.deepEqual(computed.values, expected);
    });
    assert.deepEqual(firstBlocks, [0, 0, 0]);
  });

  it('begins again at the first block when the job was planned again in other blocks', async () => {
    const others = countingResult(5, 3, 4);
    const firstBlocks: number[] = [];
    const mesh = countingMesh({
      streams: {
        readResult: async function* ({ firstBlock }) {
          firstBlocks.push(firstBlock);
          if (firstBlocks.length > 1) return yield* countingFrames(others, firstBlock);
          yield* [...countingFrames(result)].slice(0, 10);
          throw new HyperslabError('UNAVAILABLE', 'gone');
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const computed = await (await client.open('run')).variable('t').compute();
      assert.deepEqual(computed.values, expected);
    });
    assert.deepEqual(firstBlocks, [0, 1, 0]);
  });

  it('begins again at the first block when the job was planned again of another version of a dataset', async () => {
    const firstBlocks: number[] = [];
    const submitCompute = () => {
      const version = firstBlocks.length === 0 ? 1 : 2;
      return jobOf({ datasets: { other: `other@${version}` } });
    };
    const mesh = countingMesh({
      unary: { submitCompute },
      streams: {
        readResult: async function* ({ firstBlock }) {
          firstBlocks.push(firstBlock);
          if (firstBlocks.length > 1) return yield* countingFrames(result, firstBlock);
          yield* [...countingFrames(result)].slice(0, 10);
          throw new HyperslabError('JOB_NOT_FOUND', 'the scheduler is another one');
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const computed = await (await client.open('run')).variable('t').compute();
      assert.deepEqual(computed.values, expected);
    });
    assert.deepEqual(firstBlocks, [0, 0]);
  });

  it('says nothing of a job that was planned again of another version before anything was read', async () => {
    let submitted = 0;
    const mesh = countingMesh({
      unary: { submitCompute: () => jobOf({ datasets: { other: `other@${++submitted}` } }) },
      streams: {
        readResult: async function* ({ firstBlock }) {
          if (submitted === 1) throw new HyperslabError('JOB_NOT_FOUND', 'the scheduler is another one');
          yield* countingFrames(result, firstBlock);
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const array = (await client.open('run')).variable('t');
      assert.ok((await Array.fromAsync(array.blocks())).length > 0);
    });
    assert.equal(submitted, 2);
  });

  it('says so to whoever has taken blocks of a job that began again, and gives up on one that does on and on', async () => {
    const isSaid = (thrown: unknown) => isHyperslabError(thrown, 'OTHER_KERNELS') && thrown.retryable;
    const { mesh } = changingKernels(1);
    await withStandIn(mesh.standIn, async (client) => {
      const taken: number[] = [];
      const take = async () => {
        for await (const { block } of (await client.open('run')).variable('t').blocks()) taken.push(block);
      };
      await assert.rejects(take, isSaid);
      assert.deepEqual(taken, [0]);
    });
    const { mesh: unsteady } = changingKernels(Number.POSITIVE_INFINITY);
    await withStandIn(unsteady.standIn, async (client) => {
      const cube = (await client.open('run')).variable('t');
      await assert.rejects(() => cube.compute(), isSaid);
    });
  });

  it('submits the same request again when the scheduler has forgotten the job', async () => {
    let reads = 0;
    const mesh = countingMesh({
      streams: {
        readResult: async function* ({ firstBlock }) {
          if (++reads === 1) throw new HyperslabError('JOB_NOT_FOUND', 'no such job');
          yield* countingFrames(result, firstBlock);
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      await (await client.open('run')).variable('t').compute();
    });
    const ids = mesh.asked
      .filter(({ method }) => method === 'submitCompute')
      .map(({ request }) => request.requestId);
    assert.equal(ids.length, 2);
    assert.equal(ids[0], ids[1]);
  });

  it('throws what the job failed with', async () => {
    const error = {
      code: 9,
      reason: 'OBJECT_CHANGED',
      message: 'a.nc was replaced',
      details: { url: 'a.nc' },
    };
    const mesh = countingMesh({
      unary: { submitCompute: () => jobOf({ state: JobState.JOB_STATE_FAILED, error }) },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const cube = (await client.open('run')).variable('t');
      await assert.rejects(
        () => cube.compute(),
        (thrown) => isHyperslabError(thrown, 'OBJECT_CHANGED') && thrown.details.url === 'a.nc',
      );
    });
  });

  it('cancels the job when it is aborted', async () => {
    const abort = new AbortController();
    const mesh = countingMesh({
      streams: {
        readResult: async function* (_, gone) {
          yield* countingFrames(countingResult(0, 1, 1));
          abort.abort();
          await new Promise((resolve) => gone.addEventListener('abort', resolve));
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const cube = (await client.open('run')).variable('t');
      await assert.rejects(
        () => cube.compute({ signal: abort.signal }),
        (thrown) => isHyperslabError(thrown, 'CANCELLED'),
      );
    });
    assert.ok(mesh.methods().includes('cancelJob'));
  });

  it('cancels the job when nobody takes more blocks', async () => {
    const mesh = countingMesh();
    await withStandIn(mesh.standIn, async (client) => {
      for await (const block of (await client.open('run')).variable('t').blocks()) {
        assert.deepEqual(block.shape, [2, 3]);
        break;
      }
      await mesh.hears('releaseJob');
    });
    assert.deepEqual(mesh.methods(), ['submitCompute', 'readResult', 'cancelJob', 'releaseJob']);
  });

  it('refuses to join blocks of two different results', async () => {
    let streams = 0;
    const mesh = countingMesh({
      streams: {
        readResult: async function* ({ firstBlock }) {
          if (++streams > 1) return yield* countingFrames({ ...result, units: 'km' }, firstBlock);
          yield* [...countingFrames(result)].slice(0, 10);
          throw new HyperslabError('UNAVAILABLE', 'gone');
        },
      },
    });
    await withStandIn(mesh.standIn, async (client) => {
      const cube = (await client.open('run')).variable('t');
      await assert.rejects(
        () => cube.compute(),
        (thrown) => isHyperslabError(thrown, 'OBJECT_CHANGED'),
      );
    });
  });
});
