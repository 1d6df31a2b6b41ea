import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { codeVersion, indexingPackages } from '../src/code-version.ts';

describe('the version of the code that makes indexes', () => {
  it('is of every package that the code of those packages imports', async () => {
    const packages = await indexingPackages();
    for (const name of ['array', 'codecs', 'cube', 'dap', 'errors', 'formats', 'kernels', 'proto', 'storage'])
      assert.ok(packages.includes(name), name);
    let imports = 0;
    for (const name of packages.filter((each) => each !== 'proto')) {
      const folder = join(repository, 'libs', name, 'src');
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((each) => each.isFile() && each.name.endsWith('.ts'))) {
        const source = await readFile(join(entry.parentPath, entry.name), 'utf8');
        for (const [, other] of source.matchAll(/(?:from|import)\s*\(?\s*'@hyperslab\/([a-z-]+)/g)) {
          imports++;
          assert.ok(packages.includes(other), `${name}/src/${entry.name} imports ${other}`);
        }
      }
    }
    assert.ok(imports > 100, `${imports} imports`);
    // What the worker itself makes them with.
    const task = await readFile(join(repository, 'services/worker-pool/src/tasks/index-one.ts'), 'utf8');
    const used = [...task.matchAll(/from '@hyperslab\/([a-z-]+)/g)].map(([, name]) => name);
    assert.deepEqual(
      used.filter((name) => !packages.includes(name)),
      [],
    );
  });

  it('is the same each time', async () => {
    const version = await codeVersion();
    assert.match(version, /^[0-9a-f]{16}$/);
    assert.equal(await codeVersion(), version);
  });
});
