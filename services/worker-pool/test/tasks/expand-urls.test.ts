import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isHyperslabError } from '@hyperslab/errors';
import { Plan, type PublishPlan } from '@hyperslab/proto/expression';
import { expandUrls } from '../../src/tasks/expand-urls.ts';
import { decodeObjects, decodeRemarks } from '../../src/tasks/object-list.ts';
import type { TaskEnvironment } from '../../src/tasks/task-environment.ts';
import { withEnvironment } from './run-publish.ts';

const { signal } = new AbortController();

async function expand(environment: TaskEnvironment, publish: Partial<PublishPlan>) {
  const plan = Plan.fromPartial({ publish: { name: 'run', merge: {}, objectsPerTask: 2, ...publish } });
  const readBlock = async () => assert.fail('there is none');
  const reads = { readBlock, readBlockOf: readBlock, readParts: readBlock };
  const request = { jobId: 'job', plan, stage: 0, task: 0, ...reads, signal };
  const { bytes } = await expandUrls(environment, request);
  return { urls: decodeObjects(bytes, 0, 9).map(({ url }) => url), ...decodeRemarks(bytes) };
}

describe('objects of a publish', () => {
  it('that a pattern names and that are not there are refused, and told of a run that grows', () =>
    withEnvironment(async (environment, folder) => {
      const urlOf = (name: string) => pathToFileURL(join(folder, name)).href;
      const latin = Buffer.from(join(folder, 'caf\xe9.nc'), 'latin1');
      for (const path of [join(folder, 'a.nc'), join(folder, 'z.nc'), latin]) await writeFile(path, 'bytes');
      await symlink(join(folder, 'none.nc'), join(folder, 'link.nc'));
      const urls = [`${folder}/*.nc`];
      await assert.rejects(expand(environment, { urls }), (error) => {
        assert.ok(isHyperslabError(error, 'URL_INVALID'), String(error));
        assert.match(error.message, /caf%EF%BF%BD\.nc: its name is no UTF-8/);
        return true;
      });
      const found = await expand(environment, { urls, following: { settleMs: 0 } });
      assert.deepEqual(found.urls, [urlOf('a.nc'), urlOf('z.nc')]);
      const told = found.leftOut.map(({ url, reason }) => [url, reason]);
      assert.deepEqual(told.sort(), [
        [urlOf('caf\uFFFD.nc'), 'URL_INVALID'],
        [urlOf('link.nc'), 'OBJECT_NOT_FOUND'],
      ]);
    }));
});
