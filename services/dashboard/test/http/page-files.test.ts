import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { loadPageFiles } from '../../src/http/page-files.ts';

describe('files of the page', () => {
  it('are those that were built, and no path leads to others', () =>
    withTemporaryDirectory(async (folder) => {
      const page = join(folder, 'dist');
      await mkdir(join(page, 'assets'), { recursive: true });
      await writeFile(join(folder, 'secret.txt'), 'secret');
      await writeFile(join(page, 'index.html'), '<!doctype html>');
      await writeFile(join(page, '.built'), 'digest');
      await writeFile(join(page, 'assets/a-1.js'), 'export {};'.repeat(500));
      const files = await loadPageFiles(page);
      assert.ok(files.isBuilt);
      const index = await files.file('', undefined);
      assert.equal(new TextDecoder().decode(index?.body), '<!doctype html>');
      assert.equal(index?.headers['cache-control'], 'no-cache');
      const script = await files.file('assets/a-1.js', 'br');
      assert.match(script?.headers['cache-control'] ?? '', /immutable/);
      assert.equal(script?.headers['content-encoding'], 'br');
      assert.ok((script?.body.length ?? 5000) < 200);
      for (const path of ['../secret.txt', 'assets/../../secret.txt', '/etc/passwd', '.built', 'assets'])
        assert.equal(await files.file(path, undefined), undefined, path);
    }));

  it('may not be there yet', async () => {
    const files = await loadPageFiles('/nowhere/at/all');
    assert.equal(files.isBuilt, false);
    assert.equal(await files.file('', undefined), undefined);
  });
});
