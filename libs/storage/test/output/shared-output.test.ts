import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { openSharedOutput } from '../../src/output/shared-output.ts';

const marks = ['root.json'];
const keys = Array.from({ length: 15 }, (_, at) => `t/c/${at}`);

describe('openSharedOutput: folder', () => {
  it('has all that was put, or does not appear, when another gives it up meanwhile', () =>
    withTemporaryDirectory(async (folder) => {
      for (let round = 0; round < 3; round++) {
        const path = join(folder, `${round}.zarr`);
        const id = `0123456789ab${round}`;
        const [one, other] = [openSharedOutput(path, id, { marks }), openSharedOutput(path, id, { marks })];
        await one.begin();
        // So much that removing it takes a while.
        const [staging] = (await readdir(folder)).filter((name) => name.startsWith(`.${round}.zarr`));
        await mkdir(join(folder, staging, 't/c'), { recursive: true });
        for (let at = 0; at < 200; at++) await writeFile(join(folder, staging, `t/c/old ${at}`), '');
        const givenUp = one.discard();
        const written = (async () => {
          await other.begin();
          for (const key of keys) await other.put(key, new Uint8Array(1));
          await other.commit([{ key: 'root.json', bytes: new Uint8Array(1) }]);
        })().then(
          () => true,
          () => false,
        );
        await givenUp;
        if (!(await written)) continue;
        const there = await readdir(join(path, 't/c'));
        assert.deepEqual(
          keys.filter((key) => !there.includes(key.slice('t/c/'.length))),
          [],
        );
      }
    }));
});
