import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import type { Dataset } from '@hyperslab/proto/cube';
import { type S3Server, sharedData, startS3Server } from '@hyperslab/testing';
import { inParallel } from '../harness/in-parallel.ts';
import { referenceFiles } from '../harness/reference-values.ts';
import { runHyperslab } from '../harness/run-command.ts';
import { serveFolder } from '../harness/serve-folder.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const shared = sharedData();

/** Reports of workers come each second, of what their threads counted in the second before. */
const countedMs = 3_000;

/** What is in a dataset, but for what each publish gives it. */
function contentOf(dataset: Dataset) {
  return { ...dataset, version: 0, published: undefined, provenance: undefined };
}

// A file in a state that was indexed before is not opened again, and what is published is the same.
describe('files that are published again', function () {
  this.timeout(300_000);
  let folder: string;
  let s3: S3Server | undefined;
  let web: Awaited<ReturnType<typeof serveFolder>>;
  let mesh: Mesh;
  let client: Client;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-again-'));
    const run = join(folder, 'run');
    const made = await runHyperslab(['sample', run, '--size', '2MiB']);
    assert.equal(made.code, 0, made.stderr);
    // As files are that nobody has written for a while; of a store whose clock may be another, for more than a minute.
    const before = new Date(Date.now() - 600_000);
    for (const name of await readdir(run)) await utimes(join(run, name), before, before);
    s3 = await startS3Server(join(folder, 's3'), ['archive', 'objects']);
    if (s3 !== undefined) {
      await mkdir(join(folder, 's3/archive/run'), { recursive: true });
      await cp(run, join(folder, 's3/archive/run'), { recursive: true, preserveTimestamps: true });
    }
    web = await serveFolder(folder, 0);
    mesh = await startMesh({
      roots: [folder, web.url, ...(shared === undefined ? [] : [shared]), ...(s3 ? ['s3://archive/'] : [])],
      env: { ...s3?.env, ...(s3 && { HYPERSLAB_OBJECTS: 's3://objects/mesh' }) },
    });
    client = await mesh.client();
  });

  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    web?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Requests to storage that workers have made for data so far. */
  async function requests(): Promise<number> {
    await delay(countedMs);
    const { workers } = (await mesh.hyperslab(['status', '--json'])).json;
    return workers.reduce(
      (sum: number, { storage_requests }: { storage_requests: number }) => sum + storage_requests,
      0,
    );
  }

  async function published(name: string, urls: string[]): Promise<Dataset> {
    const { version } = await client.publish(name, urls);
    return (await client.open(`${name}@${version}`)).metadata;
  }

  async function compareTwice(name: string, urls: string[], again: string[]): Promise<void> {
    const first = await published(name, urls);
    assert.ok(first.provenance!.bytesRead > 0);
    const before = await requests();
    assert.ok(before > 0);
    const second = await published(name, again);
    assert.deepEqual(contentOf(second), contentOf(first));
    assert.equal(second.provenance!.bytesRead, 0);
    assert.equal((await requests()) - before, 0, 'requests for data');
  }

  it('are not opened, from a folder', () =>
    compareTwice('again/folder', [`${folder}/run/`], [`${folder}/run/*.nc`]));

  it('are not asked for, from S3', async function () {
    if (s3 === undefined) {
      console.log('      skipped: no S3 server; "npm test" builds versitygw with Go');
      this.skip();
    }
    await compareTwice('again/s3', ['s3://archive/run/'], ['s3://archive/run/*.nc']);
  });

  it('are asked for their state only, from a web server', async () => {
    const urls = (await readdir(join(folder, 'run'))).map((name) => `${web.url}run/${name}`);
    const first = await published('again/http', urls);
    assert.ok(first.provenance!.bytesRead > 0);
    const sent = web.sent();
    const second = await published('again/http', urls);
    assert.deepEqual(contentOf(second), contentOf(first));
    assert.deepEqual([second.provenance!.bytesRead, web.sent() - sent], [0, 0]);
  });

  it('are read anew when they have changed, and only those', async () => {
    const run = join(folder, 'run');
    const [changed] = await readdir(run);
    const before = new Date(Date.now() - 30_000);
    await utimes(join(run, changed), before, before);
    const { provenance, manifest } = await published('again/folder', [`${run}/`]);
    const one = await published('again/one', [join(run, changed)]);
    assert.equal(one.provenance!.bytesRead, 0);
    assert.ok(provenance!.bytesRead > 0);
    // Its state is another one, and that is what a manifest says.
    assert.notEqual(manifest!.sha256, (await client.open('again/folder@1')).metadata.manifest!.sha256);
    const other = join(run, (await readdir(run))[1]);
    await writeFile(other, 'no data any more');
    await assert.rejects(client.publish('again/folder', [`${run}/`]), { reason: 'FORMAT_UNKNOWN' });
  });

  it('are the same again, for real files of every format', async function () {
    if (shared === undefined) {
      console.log('      skipped: the shared data are not beside the repository');
      return this.skip();
    }
    const files = Object.keys(referenceFiles() ?? {});
    let kept = 0;
    await inParallel(files, 4, async (path) => {
      const name = `again/${path.replaceAll(/[^A-Za-z0-9._/-]/g, '-')}`;
      const publish = () => published(name, [join(shared, path)]);
      // Some need merge options that are of no interest here.
      const first = await publish().catch((error) => {
        if (!isHyperslabError(error, 'MERGE_CONFLICT')) throw error;
      });
      if (first === undefined) return;
      const second = await publish();
      assert.deepEqual(contentOf(second), contentOf(first), path);
      if (second.provenance!.bytesRead === 0) kept++;
      // Stores of many objects have no state that tells of all of them.
      else assert.match(path, /zarr|json|parquet|dmrpp|virtual/, path);
    });
    assert.ok(kept > files.length / 2, `${kept} of ${files.length}`);
  });
});
