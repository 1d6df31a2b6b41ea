import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

// What is no data, or no longer the data that was published, is an error that names the file and says what to do.
describe('broken files', function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let folder: string;
  let good: string[];

  before(async () => {
    mesh = await startMesh();
    folder = join(mesh.state, 'files');
    assert.equal((await mesh.hyperslab(['sample', join(folder, 'run'), '--size', '2MiB'])).code, 0);
    good = (await readdir(join(folder, 'run'))).map((name) => join(folder, 'run', name)).sort();
  });

  after(() => mesh?.stop());

  /** Publishes a folder with all good files and one bad, and expects a refusal that matches. */
  async function assertRefused(
    name: string,
    make: (path: string) => Promise<void>,
    message: RegExp,
  ): Promise<void> {
    const into = join(folder, name);
    await mkdir(into);
    for (const [i, file] of good.entries()) await copyFile(file, join(into, `good_${i}.nc`));
    const bad = join(into, 'bad.nc');
    await make(bad);
    const { code, stderr } = await mesh.hyperslab(['publish', `broken/${name}`, `${into}/`]);
    assert.equal(code, 1, stderr);
    assert.equal(stderr.trim().split('\n').length, 1, `one line: ${stderr}`);
    assert.ok(stderr.includes(bad), `names the file: ${stderr}`);
    assert.match(stderr, message);
    const listed = await mesh.hyperslab(['ls', '--json']);
    assert.ok(
      !listed.json.some((dataset: { name: string }) => dataset.name === `broken/${name}`),
      'nothing is published',
    );
  }

  it('names a truncated file', () =>
    assertRefused(
      'truncated',
      async (path) => {
        await copyFile(good[0], path);
        await truncate(path, 10_000);
      },
      /truncated|ends|bytes/,
    ));

  it('names a file whose metadata are corrupt, and the offset', () =>
    assertRefused(
      'corrupt',
      async (path) => {
        const bytes = await readFile(good[0]);
        // The root group's object header: any change of it breaks its checksum.
        for (let i = 60; i < 160; i++) bytes[i] ^= 0x5a;
        await writeFile(path, bytes);
      },
      /offset|byte|checksum/,
    ));

  it('names a file that is something else', () =>
    assertRefused(
      'html',
      (path) => writeFile(path, '<!doctype html><title>404</title>'),
      /HTML|not|unknown/i,
    ));

  it('names an empty file', () => assertRefused('empty', (path) => writeFile(path, ''), /empty/));

  it('says that no file matches', async () => {
    const { code, stderr } = await mesh.hyperslab(['publish', 'broken/none', join(folder, 'run', '*.grib')]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /grib/);
  });

  it('refuses what lies outside the data roots', async () => {
    const { code, stderr } = await mesh.hyperslab(['publish', 'broken/outside', '/etc/passwd']);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /\/etc\/passwd/);
    assert.match(stderr, /root/);
  });

  it('never answers with bytes of a file that was replaced since it was published', async () => {
    const into = join(folder, 'replaced');
    await mkdir(into);
    for (const [i, file] of good.entries()) await copyFile(file, join(into, `${i}.nc`));
    assert.equal((await mesh.hyperslab(['publish', 'broken/replaced', `${into}/`])).code, 0);
    const victim = join(into, '0.nc');
    const bytes = await readFile(victim);
    // Of the same length, so that only the time of modification tells.
    bytes[bytes.length - 1] ^= 0xff;
    await writeFile(victim, bytes);
    await utimes(victim, new Date(), new Date());
    const { code, stderr } = await mesh.hyperslab(['compute', 'broken/replaced', 'mean(t)']);
    assert.equal(code, 1, stderr);
    assert.ok(stderr.includes(victim), stderr);
    assert.match(stderr, /replaced/);
    assert.match(stderr, /publish/);
  });

  it('says which chunk is corrupt when only the data are', async () => {
    const into = join(folder, 'flipped');
    await mkdir(into);
    const path = join(into, 'flipped.nc');
    const bytes = await readFile(good[0]);
    // All metadata of the sample are at the front; the middle is compressed chunks.
    for (let i = bytes.length >> 1; i < bytes.length - 100; i += 50) bytes[i] ^= 0xff;
    await writeFile(path, bytes);
    assert.equal((await mesh.hyperslab(['publish', 'broken/flipped', path])).code, 0);
    const dataset = await (await mesh.client()).open('broken/flipped');
    let refused = 0;
    for (const cube of dataset.parameters()) {
      const { code, stderr } = await mesh.hyperslab(['compute', 'broken/flipped', `mean(${cube.name})`]);
      if (code === 0) continue;
      refused++;
      assert.equal(code, 1, stderr);
      assert.ok(stderr.includes(path), stderr);
    }
    assert.ok(refused > 0, 'half of the file is damaged');
  });
});
