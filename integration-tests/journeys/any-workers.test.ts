import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, ComputedArray } from '@hyperslab/client';
import { signatures } from '@hyperslab/expression/operations';
import { withRandomSeed } from '@hyperslab/testing';
import fc from 'fast-check';
import { everyOperation as expressions } from '../harness/every-operation.ts';
import { runHyperslab } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { writeFields } from '../harness/write-fields.ts';
import { writeMember } from '../harness/write-member.ts';

/** Written by the workers: the whole run along time in each of the new chunks. */
const rechunked = { text: 't * 1.5', chunks: { time: 20, pressure: 3, latitude: 20, longitude: 16 } };

/** The one that is killed. */
const worker = 'worker-pool-1';

/** Results by what they are of: a digest of type, shape, values and mask, or of all chunks. */
type Results = Map<string, string>;

// Whatever the workers, whichever of them computes what and in which order: a result is the same to the bit.
describe('computations on one, two and three workers', function () {
  this.timeout(300_000);
  let folder: string;
  let run: string;
  let published: [name: string, url: string][];
  let expected: Results | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-workers-'));
    run = join(folder, 'run');
    assert.equal((await runHyperslab(['sample', run, '--size', '24MiB'])).code, 0);
    published = [
      ['run', `${run}/`],
      ['fields', join(folder, 'fields.nc')],
      ...['early', 'late'].map((name): [string, string] => [name, join(folder, `${name}.nc`)]),
    ];
    await writeFields(join(folder, 'fields.nc'));
    for (const [name, start] of [
      ['early', 0],
      ['late', 6],
    ] as const) {
      const times = Array.from({ length: 12 }, (_, hour) => start + hour);
      const valueAt = (time: number, point: number) => Math.sin(time + 20 * point + start);
      await writeMember(join(folder, `${name}.nc`), { times, valueAt, run: start });
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are by every operation that there is', () => {
    const isCalled = (name: string, text: string) => new RegExp(`\\b${name}\\(`).test(text);
    const missing = signatures.filter(({ name }) => !expressions.some((text) => isCalled(name, text)));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });

  for (const workers of [1, 2, 3])
    it(`come to the same bits on ${workers}, in any order, while one of them is killed`, () =>
      withRandomSeed(async (seed) => {
        const out = join(folder, `out-${workers}`);
        const mesh = await startMesh({
          workers,
          roots: [folder],
          // Threads, and by that the order in which tasks end, are others on each mesh.
          env: {
            HYPERSLAB_KEPT_RESULT_BYTES: '0',
            HYPERSLAB_WORKER_THREADS: String(1 + (workers % 2)),
            HYPERSLAB_OUTPUT_ROOTS: folder,
          },
        });
        try {
          const client = await mesh.client();
          for (const [name, url] of published) await client.publish(name, [url]);
          const all = { minLength: expressions.length };
          const orders = fc.sample(fc.shuffledSubarray([...expressions], all), { seed, numRuns: 2 });
          const calm = await computeAll(client, `${out}-calm`, orders[0]);
          expected ??= calm;
          assertSame(calm, expected);
          assertSame(await computeAll(client, `${out}-disturbed`, orders[1], mesh), expected);
        } finally {
          await mesh.stop();
        }
      }));
});

/** Computes everything at once; of a mesh that is given, a worker is killed when the first result is there. */
async function computeAll(
  client: Client,
  out: string,
  texts: readonly string[],
  killed?: Mesh,
): Promise<Results> {
  const dataset = await client.open('run');
  const results: Results = new Map();
  // Asking for it takes a second, in which much of the work may be done.
  const pid = await killed?.pidOf(worker);
  let atWork: Promise<number> | undefined;
  const add = (what: string, digest: string) => {
    results.set(what, digest);
    if (pid === undefined || atWork !== undefined) return;
    process.kill(pid, 'SIGKILL');
    atWork = client.cluster().then(({ tasksRunning, tasksQueued }) => tasksRunning + tasksQueued);
  };
  const compute = async (text: string) => add(text, digestOf(await dataset.expression(text).compute()));
  const save = async () => {
    const { text, chunks } = rechunked;
    await dataset.expression(text).save(`${out}.zarr`, { onWorkers: true, chunks });
    add('chunks', await digestOfChunks(`${out}.zarr`));
  };
  await Promise.all([save(), ...texts.map(compute)]);
  if (killed !== undefined) {
    assert.ok((await atWork!) > 0, 'there is work to do after the kill');
    assert.notEqual(await killed.pidOf(worker), pid, 'it was started again');
  }
  return results;
}

function assertSame(found: Results, expected: Results): void {
  assert.deepEqual([...found].sort(), [...expected].sort());
}

function digestOf({ dtype, shape, values, mask }: ComputedArray): string {
  const { buffer, byteOffset, byteLength } = values as Float32Array;
  const hash = createHash('sha256').update(JSON.stringify({ dtype, shape, masked: mask !== undefined }));
  hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.update(mask ?? '').digest('hex');
}

/** Of all but the metadata, which say when it was written and by which job. */
async function digestOfChunks(store: string): Promise<string> {
  const hash = createHash('sha256');
  const files = await readdir(store, { recursive: true, withFileTypes: true });
  const chunks = files.filter((file) => file.isFile() && file.name !== 'zarr.json');
  assert.ok(chunks.length > 8, `${chunks.length} chunks`);
  const paths = chunks.map(({ parentPath, name }) => join(parentPath, name)).sort();
  for (const path of paths) hash.update(path.slice(store.length)).update(await readFile(path));
  return hash.digest('hex');
}
