import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { repository } from '@hyperslab/testing';
import { allowSimd, limitArena, openRegion, warmKernels } from '../../src/index.ts';
import { simd } from '../../src/wasm/simd.ts';

describe('kernels of a thread', () => {
  afterEach(() => allowSimd(true));

  it('are those that the sources export, and each runs', () => {
    const sources = [
      'clear',
      'counts',
      'elementwise',
      'extremes',
      'masks',
      'scale',
      'squares',
      'sums',
      'tests',
    ];
    const exported = [...sources, 'unshuffle'].flatMap((name) => {
      const text = readFileSync(join(repository, `libs/kernels/assembly/${name}.ts`), 'utf8');
      return [...text.matchAll(/^export function (\w+)\(/gm)].map(([, found]) => found);
    });
    assert.deepEqual(Object.keys(simd()!.kernels).toSorted(), exported.toSorted());
    assert.equal(warmKernels(), exported.length);
  });

  it('are none when they are turned off', () => {
    allowSimd(false);
    assert.equal(simd(), undefined);
    assert.equal(warmKernels(), 0);
    using region = openRegion();
    assert.ok(!(region.zeros('int8', 100).buffer instanceof SharedArrayBuffer));
  });

  /** Limit of the arena of a new thread that was told of one. */
  async function limitOfThread(bytes: number): Promise<number> {
    const from = JSON.stringify(join(repository, 'libs/kernels/src/wasm/simd.ts'));
    const code = `
      const { parentPort } = require('node:worker_threads');
      import(${from}).then(({ limitArena, simd }) => {
        limitArena(${bytes});
        parentPort.postMessage(simd().arena.mostBytes);
      });`;
    const worker = new Worker(code, { eval: true });
    const mostBytes = await new Promise<number>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    await worker.terminate();
    return mostBytes;
  }

  it('have an arena of their own in each thread, limited before it is used', async () => {
    assert.ok(simd() !== undefined);
    assert.throws(() => limitArena(2 ** 20), /in use/);
    assert.equal(await limitOfThread(2 ** 21), 2 ** 21);
  });

  it('have one that memory can be, whatever a worker of many slots or many threads counts', async () => {
    assert.equal(await limitOfThread(100 * 2 ** 26), 2 ** 32);
    assert.equal(await limitOfThread(1_000), 2 ** 20);
  });
});
