import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPython, pythonPath, repository, type S3Server, skip, startS3Server } from '@hyperslab/testing';
import { serveFolder } from '../harness/serve-folder.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const fixtures = join(repository, 'fixtures/icechunk');
const expected: Record<'first' | 'main', number[]> & { shape: number[] } = JSON.parse(
  readFileSync(join(fixtures, 'values.json'), 'utf8'),
);

// Indexes that others made, from a folder, from S3 and from a web server: no data file is looked at before it is computed.
describe('ready-made indexes', function () {
  this.timeout(180_000);
  let folder: string;
  let s3: S3Server | undefined;
  let web: Awaited<ReturnType<typeof serveFolder>>;
  let mesh: Mesh;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-indexes-'));
    await cp(fixtures, join(folder, 'ice'), { recursive: true });
    web = await serveFolder(folder, 0);
    s3 = await startS3Server(join(folder, 's3'), ['archive', 'data']);
    if (s3 !== undefined) await cp(fixtures, join(folder, 's3/archive/ice'), { recursive: true });
    mesh = await startMesh({ roots: [folder, 's3://archive/', 's3://data/', web.url], env: s3?.env });
  });

  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    web?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function publish(name: string, ...urls: string[]): Promise<void> {
    const published = await mesh.hyperslab(['publish', name, ...urls, '--json']);
    assert.equal(published.code, 0, published.stderr);
  }

  async function values(name: string, cube: string): Promise<{ shape: number[]; found: (number | null)[] }> {
    const client = await mesh.client();
    const { values, shape, mask } = await (await client.open(name)).cube(cube).compute();
    const found = Array.from(values as Float64Array, (value, i) => (mask?.[i] === 1 ? null : value));
    return { shape, found };
  }

  /** A value as float32 holds it. */
  const stored = (numbers: readonly number[]) => numbers.map(Math.fround);

  async function publishAndRead(name: string, url: string, numbers = expected.main): Promise<void> {
    await publish(name, url);
    assert.deepEqual(await values(name, 't'), { shape: expected.shape, found: stored(numbers) });
  }

  const path = (name: string) => join(folder, 'ice', name);

  for (const version of [1, 2]) {
    const store = `run${version}.icechunk`;

    it(`Icechunk, version ${version}: a store by its folder, by branch, tag and in a listing`, async () => {
      await publishAndRead(`ice/folder${version}`, path(store));
      await publishAndRead(`ice/slash${version}`, path(`${store}/`));
      await publishAndRead(`ice/branch${version}`, path(`${store}#branch=other`));
      await publishAndRead(`ice/tag${version}`, path(`${store}/#tag=first`), expected.first);
      const { code, stderr } = await mesh.hyperslab(['publish', 'ice/none', path(`${store}#tag=none`)]);
      assert.notEqual(code, 0);
      assert.match(stderr, /expected an Icechunk store with a tag "none", found none/);
    });

    it(`the same from S3 and from a web server, version ${version}`, async function () {
      await publishAndRead(`ice/http${version}`, `${web.url}ice/${store}`);
      if (s3 === undefined) skip(this, 'no S3 server; "npm test" builds versitygw with Go');
      await publishAndRead(`ice/s3-${version}`, `s3://archive/ice/${store}/`);
      await publishAndRead(`ice/s3-tag${version}`, `s3://archive/ice/${store}/#tag=first`, expected.first);
    });

    it(`Icechunk with virtual chunks in NetCDF-4 on file and S3, version ${version} (needs Python and icechunk)`, async function () {
      if (!hasPython('icechunk', 'h5py')) skip(this, 'no icechunk; "npm test" installs it');
      const script = join(import.meta.dirname, '../reference/write-virtual-run.py');
      for (const [where, prefix] of [
        // Of an HTTP location icechunk keeps no port, and so none of a web server that a test may start.
        [folder, `file://${folder}/`],
        [join(folder, 's3/data'), 's3://data/'],
      ]) {
        if (prefix.startsWith('s3:') && s3 === undefined) continue;
        const kind = prefix.slice(0, prefix.indexOf(':'));
        const write = (stem: string): { shape: number[]; values: number[] } =>
          JSON.parse(
            String(
              execFileSync(pythonPath()!, ['-B', script, where, `${stem}-${kind}`, prefix, String(version)]),
            ),
          );
        const written = write(`virtual${version}`);
        const name = `ice/virtual${version}-${kind}`;
        await publish(name, `${prefix}virtual${version}-${kind}/`);
        assert.deepEqual(await values(name, 'v'), { shape: written.shape, found: written.values });
        // An object that was changed after the references were made.
        write(`changed${version}`);
        await publish(`${name}-changed`, `${prefix}changed${version}-${kind}/`);
        const later = new Date(Date.now() + 7200_000);
        await utimes(join(where, `changed${version}-${kind}.nc`), later, later);
        const { code, stderr } = await mesh.hyperslab(['compute', `${name}-changed`, 'sum(v)']);
        assert.notEqual(code, 0);
        assert.match(stderr, /no modification since .* it was replaced since it was indexed/s);
      }
    });
  }

  it('DMR++: a sidecar of a NetCDF-4 file, which is read only to compute (needs Python, netCDF4 and h5py)', async function () {
    if (!hasPython('netCDF4', 'h5py')) skip(this, 'no netCDF4; "npm test" installs it');
    const script = join(import.meta.dirname, '../reference/write-sidecar-run.py');
    const places = [
      [folder, `${folder}/`],
      [folder, web.url],
      [join(folder, 's3/data'), 's3://data/'],
    ];
    for (const [number, [where, prefix]] of places.entries()) {
      if (prefix.startsWith('s3:') && s3 === undefined) continue;
      const written = execFileSync(pythonPath()!, ['-B', script, where]);
      const { shape, values: numbers } = JSON.parse(String(written)) as {
        shape: number[];
        values: (number | null)[];
      };
      await publish(`dmrpp/${number}`, `${prefix}run.nc.dmrpp`);
      assert.deepEqual(await values(`dmrpp/${number}`, 't'), { shape, found: numbers });
    }
  });
});
