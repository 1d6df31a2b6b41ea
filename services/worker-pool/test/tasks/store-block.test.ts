import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBlock } from '@hyperslab/expression';
import { Plan } from '@hyperslab/proto/expression';
import { openObjectStore } from '@hyperslab/storage';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { decodeStoredBlock, storeBlock } from '../../src/tasks/store-block.ts';
import type { TaskEnvironment } from '../../src/tasks/task-environment.ts';

describe('storing a block', () => {
  it('again leaves the object alone that a visible version may read', () =>
    withTemporaryDirectory(async (folder) => {
      const objects = openObjectStore(join(folder, 'objects'));
      const environment = { objects } as TaskEnvironment;
      const plan = Plan.fromPartial({ stages: [{}, { inputs: [0] }], result: { name: 'x' } });
      const store = async (...values: number[]) => {
        const array = {
          dtype: 'float32' as const,
          shape: [values.length],
          values: Float32Array.from(values),
        };
        const signal = new AbortController().signal;
        const readBlock = async () => encodeBlock([array]);
        return decodeStoredBlock(
          await storeBlock(environment, {
            jobId: 'j',
            plan,
            stage: 1,
            task: 0,
            readBlock,
            readBlockOf: readBlock,
            readParts: readBlock,
            signal,
          }),
        );
      };
      const first = await store(1, 2);
      await sleep(20);
      const again = await store(1, 2);
      assert.deepEqual(again.index, first.index);
      const other = await store(1, 3);
      assert.notEqual(other.index.url, first.index.url);
      await objects.close();
    }));
});
