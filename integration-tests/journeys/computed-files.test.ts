import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, runPython } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

type Values = (number | string | null)[];
type Expected = { file: string } & Record<string, Values>;

const files = 12;
/** Values are float32 at the worst, and sums of thousands of them. */
const tolerance = 2e-5;

describe('computing random files', function () {
  this.timeout(240_000);
  const seed = Number(process.env.HYPERSLAB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  let folder: string;
  let expected: Expected[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-computed-'));
    const script = join(repository, 'integration-tests/reference/write-computed-files.py');
    expected = runPython<Expected>(script, folder, seed, files);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  for (const cache of ['0', '64MiB'])
    it(`gives what NumPy does, all at once, with ${cache} of cached chunks: seed ${seed}`, async () => {
      const mesh = await startMesh({ roots: [folder], env: { HYPERSLAB_WORKER_CACHE_BYTES: cache } });
      try {
        // The second time cached chunks are taken where there is a cache.
        for (const round of [1, 2]) await computeAll(mesh, expected, round);
      } finally {
        await mesh.stop();
      }
    });
});

async function computeAll(mesh: Mesh, expected: readonly Expected[], round: number): Promise<void> {
  const client = await mesh.client();
  await Promise.all(
    expected.map(async ({ file, ...computed }, number) => {
      const name = `random/f${number}`;
      if (round === 1) await client.publish(name, [file]);
      const dataset = await client.open(name);
      await Promise.all(
        Object.entries(computed).map(async ([text, values]) => {
          const found = await dataset.expression(text).compute();
          assertClose(
            found.values as ArrayLike<number | bigint>,
            found.mask,
            values as Values,
            `${file}: ${text}`,
          );
        }),
      );
    }),
  );
}

function assertClose(
  values: ArrayLike<number | bigint>,
  mask: Uint8Array | undefined,
  expected: Values,
  what: string,
): void {
  assert.equal(values.length, expected.length, what);
  expected.forEach((wanted, i) => {
    const found = mask?.[i] ? null : Number(values[i]);
    if (wanted === null || found === null) assert.equal(found, wanted, `${what} at ${i}`);
    else if (typeof wanted === 'string')
      assert.equal(String(found), wanted === 'nan' ? 'NaN' : wanted, `${what} at ${i}`);
    else {
      const far = Math.abs(found - wanted) > tolerance * Math.max(1, Math.abs(wanted));
      assert.ok(!far, `${what} at ${i}: ${found}, NumPy has ${wanted}`);
    }
  });
}
