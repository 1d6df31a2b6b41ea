import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { MergeOptions } from '@hyperslab/proto/merge';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { aggregate } from '../../src/index.ts';
import { indexFiles } from '../index-file.ts';
import { readWhole } from '../read-whole.ts';

interface Run {
  path: string;
  start: number;
  leads: number[];
  /** Steps in a chunk; null where the library lays out plain bytes. */
  chunk: number | null;
}

const points = [0, 1, 2];
const pointsAt = (start: number, time: number) => points.map((x) => start * 10_000 + time * 10 + x);

// Files of the netCDF library: classic with and without records, contiguous and in chunks.
describe('forecasts in files of all kinds', function () {
  this.timeout(60_000);

  before(function () {
    if (hasPython('netCDF4', 'numpy')) return;
    console.log('      skipped: no netCDF4 for Python; "npm test" installs it');
    this.skip();
  });

  for (let seed = 1; seed <= 12; seed++)
    it(`give the values of the latest runs, and all of them by lead times (${seed})`, async () => {
      await withTemporaryDirectory(async (folder) => {
        const runs = runPython<Run>(join(import.meta.dirname, 'foreign/write-runs.py'), folder, seed);
        const files = () => indexFiles(runs.map(({ path }) => path));
        const merged = async (options: Partial<MergeOptions>) => {
          try {
            return await aggregate(files(), { merge: { ...MergeOptions.create(), ...options } });
          } catch (error) {
            // Chunks of several steps can't always be taken apart.
            if (!runs.some(({ chunk }) => chunk === 2) || !isHyperslabError(error, 'MERGE_CONFLICT'))
              throw error;
            assert.match(error.message, /its chunks hold 2 steps each/);
            return undefined;
          }
        };
        const best = await merged({ best: true });
        const latest = new Map<number, number>();
        for (const { start, leads } of runs) for (const lead of leads) latest.set(start + lead, start);
        const times = [...latest.keys()].sort((a, b) => a - b);
        if (best !== undefined)
          assert.deepEqual(
            await readWhole(best.dataset, best.manifest, 't'),
            times.flatMap((time) => pointsAt(latest.get(time)!, time)),
          );
        const total = runs.reduce((sum, { leads }) => sum + leads.length, 0);
        // Runs whose times don't meet are one series.
        if (times.length === total) return;
        const ragged = await merged({ allowMissing: true });
        if (ragged === undefined) return;
        const [count, steps] = ragged.dataset.cubes[0].shape;
        assert.equal(count, runs.length);
        const values = await readWhole(ragged.dataset, ragged.manifest, 't');
        for (const [row, { start, leads }] of runs.entries()) {
          const there = values
            .slice(row * steps * 3, (row + 1) * steps * 3)
            .filter((value) => !Number.isNaN(value));
          assert.deepEqual(
            there,
            leads.flatMap((lead) => pointsAt(start, start + lead)),
          );
        }
      });
    });
});
