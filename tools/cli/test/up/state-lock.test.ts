import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { processStart } from '../../src/up/process-start.ts';
import { acquireStateLock, readStateLock, runningHolder } from '../../src/up/state-lock.ts';

describe('the lock of a state directory', () => {
  it('is refused while its holder runs, naming it, and free after it is released', async () => {
    await withTemporaryDirectory(async (state) => {
      const lock = await acquireStateLock(state, []);
      await assert.rejects(
        () => acquireStateLock(state, []),
        (error) => isHyperslabError(error, 'STATE_IN_USE') && error.details.pid === String(process.pid),
      );
      await lock.release();
      await (await acquireStateLock(state, [])).release();
      assert.deepEqual(await readdir(state), []);
    });
  });

  it('is given to one of many who ask at once', async () => {
    await withTemporaryDirectory(async (state) => {
      const asked = await Promise.allSettled(Array.from({ length: 20 }, () => acquireStateLock(state, [])));
      assert.equal(asked.filter(({ status }) => status === 'fulfilled').length, 1);
    });
  });

  it('is taken over from a process that is gone', async () => {
    await withTemporaryDirectory(async (state) => {
      const child = spawn(process.execPath, ['-e', '']);
      await once(child, 'exit');
      await writeFile(
        join(state, 'lock'),
        JSON.stringify({ pid: child.pid, processStart: '1', services: [] }),
      );
      assert.equal(await runningHolder(state), undefined);
      await acquireStateLock(state, []);
      assert.equal((await readStateLock(state))?.pid, process.pid);
    });
  });

  it('is taken over from a process whose pid has gone to another', async () => {
    await withTemporaryDirectory(async (state) => {
      const lock = { pid: process.pid, processStart: `${processStart(process.pid)}1`, services: [] };
      await writeFile(join(state, 'lock'), JSON.stringify(lock));
      await acquireStateLock(state, []);
    });
  });

  it('is taken over when nobody can read it', async () => {
    await withTemporaryDirectory(async (state) => {
      for (const content of ['', '{', 'null', '{"pid": -1}', '{"pid": "x"}']) {
        await writeFile(join(state, 'lock'), content);
        await (await acquireStateLock(state, [])).release();
      }
    });
  });

  it('tells which services run', async () => {
    await withTemporaryDirectory(async (state) => {
      const lock = await acquireStateLock(state, []);
      const services = [{ name: 'catalog', pid: 7, address: 'a:1', readyUrl: 'http://a:2/readyz' }];
      await lock.update(services);
      assert.deepEqual((await runningHolder(state))?.services, services);
    });
  });
});
