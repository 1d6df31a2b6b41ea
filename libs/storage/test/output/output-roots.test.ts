import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { assertOutputAllowed } from '../../src/output/output-roots.ts';

async function isRefused(url: string, roots: readonly string[]): Promise<boolean> {
  try {
    await assertOutputAllowed(url, roots);
    return false;
  } catch (error) {
    assert.ok(isHyperslabError(error, 'OUTSIDE_ROOTS'), String(error));
    return true;
  }
}

describe('assertOutputAllowed', () => {
  const roots = ['/data/results', 's3://bucket/results/', 's3://whole'];

  for (const url of ['/data/results/a', 's3://bucket/results/a', 's3://bucket/results/a/b/', 's3://whole/a'])
    it(`allows ${url}`, async () => assert.equal(await isRefused(url, roots), false));

  // Below a root lies what others wrote: who writes to the root itself would remove it when that fails.
  for (const url of [
    '/data/results',
    '/data/results/',
    '/data/results/a/../../b',
    'file:///data/results/%2e%2e/b',
    's3://bucket/results',
    's3://bucket/results/',
    's3://bucket/results//',
    's3://bucket/results2/a',
    's3://other/results/a',
  ])
    it(`refuses ${url}`, async () => assert.equal(await isRefused(url, roots), true));

  it('refuses what a link leads out of a root', () =>
    withTemporaryDirectory(async (folder) => {
      const root = join(folder, 'root');
      await mkdir(root);
      await mkdir(join(folder, 'elsewhere'));
      await symlink(join(folder, 'elsewhere'), join(root, 'link'));
      assert.equal(await isRefused(join(root, 'link', 'a'), [root]), true);
      assert.equal(await isRefused(join(root, 'a'), [root]), false);
    }));
});
