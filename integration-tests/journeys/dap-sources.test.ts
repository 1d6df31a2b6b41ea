import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DapServer, type DapServerKind, hasPython, startDapServer } from '@hyperslab/testing';
import { runHyperslab } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const kinds: Record<string, DapServerKind> = {
  pydap: 'pydap',
  xpublish: 'xpublish',
  dap4: { order: 'big', checks: 'checked', chunkBytes: 50_000 },
};

// The same run from files and from OPeNDAP servers, other people's and our own gateway, gives the same numbers.
describe('OPeNDAP servers as sources (needs Python)', function () {
  this.timeout(300_000);
  let folder: string;
  let run: string;
  let files: string[];
  let mesh: Mesh;
  const servers = new Map<string, DapServer>();
  const roots: string[] = [];

  before(async function () {
    if (!hasPython('pydap', 'xpublish_opendap', 'netCDF4')) {
      console.log('      skipped: no Python with pydap and xpublish');
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-dap-'));
    run = join(folder, 'run');
    const made = await runHyperslab(['sample', run, '--size', '3MiB']);
    assert.equal(made.code, 0, made.stderr);
    files = (await readdir(run)).sort();
    for (const [name, kind] of Object.entries(kinds)) servers.set(name, await startDapServer(run, kind));
    roots.push(run, ...[...servers.values()].map(({ url }) => url));
    mesh = await startMesh({ roots });
    // The gateway of a mesh is a root of its own only when its address is known.
    roots.push(`${mesh.endpoints.opendap_gateway}/dap/`);
    await mesh.down();
    await mesh.up();
    await publish('dap/files', [join(run, '*.nc')]);
    expected = await read('dap/files');
  });

  after(async () => {
    await mesh?.stop();
    for (const server of servers.values()) await server.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  let expected: unknown;

  async function publish(name: string, urls: string[]): Promise<void> {
    const { code, stderr } = await mesh.hyperslab(['publish', name, ...urls, '--json']);
    assert.equal(code, 0, stderr);
  }

  /** Means, a point, and all of a packed parameter. */
  async function read(name: string): Promise<unknown> {
    const answers: unknown[] = [];
    for (const expression of ['mean(u, time, latitude)', 't[time=#1, pressure=#2]', 'u']) {
      const { code, json, stderr } = await mesh.hyperslab(['compute', name, expression, '--json']);
      assert.equal(code, 0, stderr);
      answers.push([json.shape, json.values, json.units]);
    }
    return answers;
  }

  for (const kind of Object.keys(kinds)) {
    it(`${kind} gives the numbers of the files`, async () => {
      const server = servers.get(kind)!;
      await publish(`dap/${kind}`, files.map(server.dataSet));
      assert.deepEqual(await read(`dap/${kind}`), expected);
    });
  }

  it('a data set of our own gateway gives them again, by its page, its name and its protocol', async () => {
    const page = `${mesh.endpoints.opendap_gateway}/dap/dap/files`;
    for (const [name, url] of Object.entries({ page, dds: `${page}.dds`, forced: `${page}#dap2` })) {
      await publish(`dap/gateway-${name}`, [url]);
      assert.deepEqual(await read(`dap/gateway-${name}`), expected, name);
    }
  });

  it('refuses servers outside of the roots, and says what is not there', async () => {
    const outside = await mesh.hyperslab(['publish', 'dap/outside', 'dap4://127.0.0.1:9/run.nc']);
    assert.equal(outside.code, 4, outside.stderr);
    assert.match(outside.stderr, /127\.0\.0\.1:9\/run\.nc: it is outside the data roots/);
    const absent = await mesh.hyperslab(['publish', 'dap/absent', servers.get('pydap')!.dataSet('none.nc')]);
    assert.equal(absent.code, 3, absent.stderr);
    assert.match(absent.stderr, /none\.nc/);
  });
});
