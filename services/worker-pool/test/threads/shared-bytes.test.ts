import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sharedBytes } from '../../src/threads/shared-bytes.ts';

const mebibyte = 2 ** 20;
const module = new URL('../../src/threads/shared-bytes.ts', import.meta.url);

/** Makes 1 GiB of shared memory that nobody keeps, not faster than a thread works, and tells how much was held at most, bytes. */
const wasteful = `
  import('${module}').then(async ({ sharedMemory }) => {
    let peak = 0;
    for (let made = 0; made < 64; made++) {
      sharedMemory(${16 * mebibyte});
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    require('node:worker_threads').parentPort.postMessage(peak);
  });`;

describe('shared bytes', function () {
  this.timeout(20_000);

  it('are a copy of what is not shared, and the same of what is', () => {
    const own = Uint8Array.of(1, 2, 3);
    const shared = sharedBytes(own);
    assert.deepEqual([...shared], [1, 2, 3]);
    assert.ok(shared.buffer instanceof SharedArrayBuffer);
    assert.equal(sharedBytes(shared), shared);
  });

  it('that nobody has any more are given back, although V8 does not count them', async () => {
    const thread = new Worker(wasteful, { eval: true });
    const [peak] = await once(thread, 'message');
    assert.ok(peak < 512 * mebibyte, `${Math.round(peak / mebibyte)} MiB of 1024 were held at once`);
  });
});
