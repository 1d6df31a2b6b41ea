import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Client } from '@hyperslab/client';
import { hasPython, repository, runPython, skip } from '@hyperslab/testing';
import { inParallel } from '../harness/in-parallel.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const script = join(repository, 'integration-tests/reference/check-cf.py');

/** Results of all kinds of operations, by the names of their files. */
const results = {
  stored: 't',
  selected: 't[pressure=850, time=#::#-1]',
  mean: 'mean(t, time)',
  weighted: 'mean(t, latitude, longitude, weights=area)',
  deviation: 'std(t, time)',
  anomaly: 't - mean(t, time)',
  speed: 'sqrt(u^2 + v^2)',
  climatology: 'climatology(t, time=hour)',
  group: 'group(t, max, time=season)',
  resampled: 'resample(t, mean, time=6h)',
  coarse: 'coarsen(t, mean, latitude=4, longitude=4)',
  percentiles: 'percentile(t, [10, 50, 90], time)',
  histogram: 'histogram(t, [200, 250, 300], time)',
  trend: 'trend(t, time)',
  correlation: 'correlation(t, q, time)',
  argmax: 'argmax(t, time)',
  idxmax: 'idxmax(t, pressure)',
  rolling: 'rolling(t, mean, time=3, center=true)',
  sums: 'cumsum(q, time)',
  difference: 'diff(t, time)',
  regridded: 'regrid(t, step=10)',
  conservative: 'regrid(t, step=10, method=conservative)',
  points: 'points(t, latitude=[10, 20], longitude=[30, 40])',
  levels: 'interpolate(t, pressure=[900, 800])',
  joined: 'concat(t[time=#0:#2], t[time=#4:#6], along=time)',
  members: 'ensemble(t, t + 1)',
  expanded: 'expand(t, member=[1, 2])',
  transposed: 'transpose(t)',
  condition: 't > 273.15',
  celsius: 'convert(t, "degC")',
  text: 'group(t, mean, time=season)[season=#0]',
} as const;

/**
 * The checker takes every coordinate with units of time for one of the axis T. That a forecast has its reference time
 * beside its time is an example of CF's own (section 5.7).
 */
const notWrong = /has duplicate axis T defined by \[forecast_reference_time/;

describe('results in files', function () {
  this.timeout(240_000);
  let mesh: Mesh;
  let client: Client;

  before(async function () {
    if (!hasPython('compliance_checker')) skip(this, 'no compliance-checker; "npm test" installs it');
    mesh = await startMesh({ sample: true });
    client = await mesh.client();
  });
  after(() => mesh?.stop());

  function assertCompliant(paths: readonly string[]): void {
    const wrong = runPython<string[]>(script, ...paths).flatMap((messages, at) =>
      messages.filter((message) => !notWrong.test(message)).map((message) => `${paths[at]}: ${message}`),
    );
    assert.deepEqual(wrong, []);
  }

  for (const format of ['netcdf4', 'netcdf3'] as const)
    it(`are as CF requires, whatever was computed: ${format}`, async () => {
      const run = await client.open('sample/run');
      // The checker knows files by this ending alone.
      const paths = Object.keys(results).map((name) => join(mesh.state, `${format}-${name}.nc`));
      await inParallel([...Object.values(results).entries()], 4, async ([at, text]) => {
        await run.expression(text).save(paths[at], { format });
      });
      assertCompliant(paths);
    });

  it('are as CF requires, several in a file, and those that were published', async () => {
    const run = await client.open('sample/run');
    const all = join(mesh.state, 'all.nc');
    // Of one grid: the checker expects that there is one in a file.
    const arrays = (['mean', 'climatology', 'percentiles', 'trend'] as const).map((name) => ({
      name,
      array: run.expression(results[name]),
    }));
    await client.save(all, arrays);
    const paths = [all];
    for (const name of ['mean', 'climatology', 'points', 'percentiles', 'coarse', 'members'] as const) {
      await client.publish(`cf/${name}`, run.expression(results[name]), { variable: name });
      const path = join(mesh.state, `published-${name}.nc`);
      await (await client.open(`cf/${name}`)).expression(name).save(path);
      paths.push(path);
    }
    assertCompliant(paths);
  });
});
