import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { openObjectStore } from '@hyperslab/storage';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { StoredArrays } from '../../src/jobs/stored-arrays.ts';
import type { JobRun } from '../../src/state/scheduler-state.ts';

const log = createLogger('scheduler', { level: 'silent' });
const plan = Plan.fromPartial({ stages: [{ kind: StageKind.STAGE_KIND_STORE, tasks: 2 }] });

describe('stored arrays of a publish that came to nothing', () => {
  it('are deleted, also those that a task stored at the last moment, and no others', () =>
    withTemporaryDirectory(async (folder) => {
      const objects = openObjectStore(join(folder, 'objects'));
      const keys = async () =>
        (await Array.fromAsync(objects.list('arrays/'))).map(({ url }) => url.split('/').at(-2));
      for (const key of ['arrays/j1/0-a', 'arrays/j1/1-b', 'arrays/j10/0-c'])
        await objects.put(key, Buffer.from('x'));
      const left = async (expected: string[]) => {
        for (let tries = 0; tries < 200 && (await keys()).join() !== expected.join(); tries++)
          await sleep(25);
        assert.deepEqual(await keys(), expected);
      };
      const arrays = new StoredArrays(objects, log, { afterMs: 1_000 });
      arrays.discard({ id: 'j1', plan } as JobRun);
      await left(['j10']);
      await objects.put('arrays/j1/2-d', Buffer.from('late'));
      assert.deepEqual(await keys(), ['j1', 'j10']);
      await left(['j10']);
      await arrays.close();
    }));
});
