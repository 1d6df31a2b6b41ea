import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { Arena, reserveArena, reserveStage } from '../../src/index.ts';

describe('arena that threads share', () => {
  it('gives each its own memory while it grows, and takes back what those had that ended', async () => {
    const share = reserveArena(2 ** 24);
    const taken = await Promise.all(
      [1, 2, 3].map(async (owner) => {
        const workerData = { share, owner, rounds: 5000 };
        const worker = new Worker(new URL('./arena-thread.ts', import.meta.url), { workerData });
        const count = await new Promise<number>((resolve, reject) =>
          worker.once('message', resolve).once('error', reject),
        );
        await worker.terminate();
        return count;
      }),
    );
    assert.ok(
      taken.every((count) => count > 1000),
      `taken ${taken}`,
    );
    const arena = new Arena(share, 4);
    assert.ok(arena.bytes > 2 ** 20 && arena.takenBytes > 0);
    for (const owner of [1, 2, 3]) arena.died(owner);
    assert.equal(arena.takenBytes, 0);
    assert.ok(arena.take(arena.bytes - 64) !== undefined);
  });

  it('has no kernels in a thread that finds no room there, unless it has a stage', async () => {
    const [full, givenUp, free, filled] = [1, 2, 3, 4].map(() => reserveArena(2 ** 20));
    const fill = (share: typeof full) => {
      const other = new Arena(share, 2);
      other.take(other.bytes - other.takenBytes - 64);
      assert.equal(other.take(1), undefined);
    };
    fill(full);
    const stage = reserveStage(new Arena(filled, 2));
    fill(filled);
    givenUp.words[0] = 3;
    new Arena(givenUp, 2).died(3);
    const counts = await Promise.all(
      [{ share: full }, { share: givenUp }, { share: free }, { share: filled, stage }].map(
        async (workerData) => {
          const worker = new Worker(new URL('./kernels-thread.ts', import.meta.url), { workerData });
          const count = await new Promise<number>((resolve, reject) =>
            worker.once('message', resolve).once('error', reject),
          );
          await worker.terminate();
          return count;
        },
      ),
    );
    assert.deepEqual(counts.slice(0, 2), [0, 0]);
    assert.ok(counts[2] > 0);
    assert.equal(counts[3], counts[2]);
  });

  it('is given up when a thread died while it changed what is whose', () => {
    const share = reserveArena(2 ** 20);
    const [one, caretaker] = [new Arena(share, 1), new Arena(share, 3)];
    const offset = one.take(100)!;
    share.words[0] = 2;
    caretaker.died(2);
    assert.equal(one.take(100), undefined);
    one.free(offset);
    assert.throws(() => one.free(offset), /nothing was taken/);
  });
});
