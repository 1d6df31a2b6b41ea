import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, type S3Server, skip, startS3Server } from '@hyperslab/testing';
import { serveFolder } from '../harness/serve-folder.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const fixtures = join(repository, 'fixtures/zarr');
const expected: { shape: number[]; t: (number | null)[] } = JSON.parse(
  readFileSync(join(fixtures, 'values.json'), 'utf8'),
);

// The same run as Zarr v2, v3 with shards and in a zip archive, from a folder, from S3 and from a web server.
describe('Zarr stores', function () {
  this.timeout(180_000);
  let folder: string;
  let s3: S3Server | undefined;
  let web: Awaited<ReturnType<typeof serveFolder>>;
  let mesh: Mesh;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-zarr-'));
    await cp(fixtures, join(folder, 'zarr'), { recursive: true });
    web = await serveFolder(folder);
    s3 = await startS3Server(join(folder, 's3'), ['archive']);
    if (s3 !== undefined) await cp(fixtures, join(folder, 's3/archive/zarr'), { recursive: true });
    mesh = await startMesh({ roots: [folder, 's3://archive/zarr/', web.url], env: s3?.env });
  });

  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    web?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function publishAndRead(name: string, ...urls: string[]): Promise<void> {
    const published = await mesh.hyperslab(['publish', name, ...urls, '--json']);
    assert.equal(published.code, 0, published.stderr);
    assert.equal(published.json.cubes, 1);
    const client = await mesh.client();
    const { values, shape, mask } = await (await client.open(name)).cube('t').compute();
    const found = Array.from(values as Float64Array, (value, i) =>
      mask?.[i] === 1 || Number.isNaN(value) ? null : value,
    );
    assert.deepEqual([shape, found], [expected.shape, expected.t]);
  }

  const path = (name: string) => join(folder, 'zarr', name);

  it('joins v2 stores that a glob matches', () => publishAndRead('zarr/glob', path('run*.zarr')));
  it('reads a v3 store by its folder', () => publishAndRead('zarr/folder', path('sharded.zarr')));
  it('reads it by its folder with a slash, and by its metadata object', async () => {
    await publishAndRead('zarr/slash', path('sharded.zarr/'));
    await publishAndRead('zarr/object', path('sharded.zarr/zarr.json'));
  });

  it('reads the same from S3', async function () {
    if (s3 === undefined) skip(this, 'no S3 server; "npm test" builds versitygw with Go');
    await publishAndRead('zarr/s3', 's3://archive/zarr/sharded.zarr/');
    await publishAndRead('zarr/s3-folder', 's3://archive/zarr/sharded.zarr');
    await publishAndRead('zarr/s3-glob', 's3://archive/zarr/run*.zarr');
    await publishAndRead('zarr/s3-list', 's3://archive/zarr/run0.zarr/', 's3://archive/zarr/run1.zarr/');
  });

  /** Where the copies of the folder are, of stores that are there. */
  const bases = () => ({
    file: `${folder}/zarr/`,
    http: `${web.url}zarr/`,
    ...(s3 && { s3: 's3://archive/zarr/' }),
  });

  it('reads a zip archive from every store', async () => {
    for (const [kind, base] of Object.entries(bases()))
      await publishAndRead(`zarr/${kind}-zip`, `${base}run.zarr.zip`);
  });

  it('reads references to chunks beside them, and chunks that they hold themselves, from every store', async () => {
    const store = path('sharded.zarr');
    const keys = readdirSync(store, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(store.length + 1));
    const refs = keys.map((key) => {
      const bytes = readFileSync(join(store, key));
      if (key.endsWith('zarr.json')) return [key, bytes.toString()];
      return [
        key,
        key.endsWith('1/0/0')
          ? `base64:${bytes.toString('base64')}`
          : [`sharded.zarr/${key}`, 0, bytes.length],
      ];
    });
    const references = JSON.stringify({ version: 1, refs: Object.fromEntries(refs) });
    await writeFile(path('refs.json'), references);
    if (s3 !== undefined) await writeFile(join(folder, 's3/archive/zarr/refs.json'), references);
    for (const [kind, base] of Object.entries(bases()))
      await publishAndRead(`zarr/${kind}-references`, `${base}refs.json`);
  });

  it('reads a consolidated store from a web server, which lists nothing', async () => {
    await publishAndRead('zarr/http', `${web.url}zarr/sharded.zarr`);
    await publishAndRead('zarr/http-object', `${web.url}zarr/sharded.zarr/zarr.json`);
    const { code, stderr } = await mesh.hyperslab(['publish', 'zarr/none', `${web.url}zarr/run1.zarr/`]);
    assert.notEqual(code, 0);
    assert.match(stderr, /consolidate its metadata/);
  });
});
