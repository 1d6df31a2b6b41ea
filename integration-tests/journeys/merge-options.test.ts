import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasPython, runPython } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { writeMember } from '../harness/write-member.ts';

/** What the file of a member holds. */
const pointValue = (member: number, time: number, point: number) => 270 + 10 * member + time / 6 + point / 10;
const points = [0, 1, 2, 3, 4, 5];
const byName = (coordinates: { name: string }[]) =>
  coordinates.toSorted((a, b) => a.name.localeCompare(b.name));

// What files do not say, or say wrongly, said when they are published; the numbers are those of the files.
describe('options of a merge', function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let folder: string;

  before(async () => {
    mesh = await startMesh();
    folder = join(mesh.state, 'run');
    for (const member of [10, 2, 1])
      for (const time of [0, 6])
        if (member !== 10 || time !== 6)
          await writeMember(join(folder, `ensemble_${member}`, `t${time}.nc`), {
            times: [time],
            valueAt: (at, point) => pointValue(member, at, point),
            attributes: { source: `model run ${member}` },
          });
  });

  after(() => mesh?.stop());

  const run = async (...args: string[]) => {
    const { code, json, stderr } = await mesh.hyperslab([...args, '--json']);
    return { code, json: code === 0 ? json : JSON.parse(stderr), stderr };
  };
  const urls = () => `${folder}/ensemble_*/*.nc`;

  it('publishes members that only file names tell apart, with a hole that is allowed', async () => {
    const dimension = ['--dimension', 'realization=ensemble_(\\d+)'];
    const refused = await run('publish', 'season', urls(), ...dimension);
    assert.equal(refused.code, 1);
    assert.match(refused.json.error.message, /none at .*--allow-missing/);
    const published = await run('publish', 'season', urls(), ...dimension, '--allow-missing');
    assert.equal(published.code, 0, published.stderr);
    const { json } = await run('compute', 'season', 't');
    assert.deepEqual(json.dimensions, ['realization', 'time', 'latitude', 'longitude']);
    const expected = [1, 2, 10].flatMap((member) =>
      [0, 6].flatMap((time) =>
        points.map((point) => (member === 10 && time === 6 ? null : pointValue(member, time, point))),
      ),
    );
    assert.deepEqual(json.values, expected);
    assert.equal(json.missing, 6);
    const members = json.coordinates.find(({ name }: { name: string }) => name === 'realization');
    assert.deepEqual(members.values, [1, 2, 10]);
    const one = await run('compute', 'season', 't[realization=2, time=#1]');
    assert.deepEqual(
      one.json.values,
      points.map((point) => pointValue(2, 6, point)),
    );
  });

  it('takes members from a global attribute too', async () => {
    const inspected = await run(
      'inspect',
      `${folder}/ensemble_?/*.nc`,
      '--dimension',
      'member=@source/(\\d+)$',
    );
    assert.equal(inspected.code, 0, inspected.stderr);
    assert.deepEqual(inspected.json.cubes[0].shape, [2, 2, 2, 3]);
  });

  it('refuses an option that is none before anything is read', async () => {
    const bad = await run('publish', 'season', urls(), '--dimension', 'realization=(?=x)');
    assert.equal(bad.code, 2);
    assert.match(bad.json.error.message, /is no pattern/);
    const other = await run('publish', 'season', urls(), '--dimension', 'realization=member_(\\d+)');
    assert.match(other.json.error.message, /pattern member_\(\\d\+\) matches in the URL of .*ensemble_/);
  });

  it('changes metadata by settings and an overlay, which show tells', async () => {
    const overlay = join(mesh.state, 'fix.yaml');
    await writeFile(
      overlay,
      'rename: {t: tas}\nset: {tas: {long_name: Near surface}}\nadd: {height: {values: 2, attributes: {units: m}}}\n',
    );
    const files = `${folder}/ensemble_1/*.nc`;
    const published = await run('publish', 'fixed', files, '--overlay', overlay, '--set', '.title=A season');
    assert.equal(published.code, 0, published.stderr);
    const { json } = await run('show', 'fixed');
    assert.equal(json.attributes.title, 'A season');
    assert.deepEqual(
      json.cubes.map(({ name, long_name }: { name: string; long_name: string }) => [name, long_name]),
      [['tas', 'Near surface']],
    );
    assert.ok(json.cubes[0].coordinates.includes('height'));
    assert.deepEqual(json.merged_with, [
      'rename t to tas',
      'set tas.long_name = Near surface',
      'add coordinate height',
      'set .title = A season',
    ]);
    const page = await mesh.hyperslab(['show', 'fixed', '--markdown']);
    assert.match(page.stdout, /## Merged with\n\n- rename t to tas\n/);
    const { json: values } = await run('compute', 'fixed', 'tas[time=#0]');
    assert.deepEqual(
      values.values,
      points.map((point) => pointValue(1, 0, point)),
    );
    const none = await run('publish', 'fixed', files, '--set', 'pressure.units=Pa');
    assert.match(none.json.error.message, /no file has what it is about; the variables are/);
  });

  it('gives a parameter in other units', async () => {
    const shown = await run('show', 'season', 't', '--units', 'degC');
    if (shown.code !== 0) assert.fail(shown.stderr);
    assert.equal(shown.json.cubes[0].units, 'degC');
    assert.match(
      (await run('show', 'season', 't', '--units', 'm')).json.error.message,
      /"K", which can't be "m"/,
    );
    const { json } = await run('compute', 'season', 'convert(t[realization=1, time=#0], "degC")');
    assert.equal(json.units, 'degC');
    for (const [point, value] of json.values.entries())
      assert.ok(Math.abs(value - (pointValue(1, 0, point) - 273.15)) < 1e-9);
    const refused = await run('compute', 'season', 'convert(t, "m")');
    assert.equal(refused.code, 2);
    assert.match(refused.json.error.message, /"K", which can't be "m"/);
    const latitude = await run('show', 'season', 'latitude', '--units', 'arc_minute');
    assert.equal(latitude.code, 0, latitude.stderr);
    const [{ name, units, dimensions, shape }] = latitude.json.cubes;
    assert.deepEqual([name, units, dimensions, shape], ['latitude', 'arc_minute', ['latitude'], [2]]);
    const minutes = (await run('compute', 'season', 'convert(latitude, "arc_minute")')).json;
    assert.deepEqual([minutes.units, minutes.values.length], ['arc_minute', 2]);
    for (const [i, value] of [3000, 2400].entries()) assert.ok(Math.abs(minutes.values[i] - value) < 1e-9);
    assert.match(
      (await run('show', 'season', 'latitude', '--units', 'K')).json.error.message,
      /"degrees_north", which can't be "K"/,
    );
    assert.match((await run('show', 'season', 'depth')).json.error.message, /has no parameter "depth"/);
    const client = await mesh.client();
    const { cubes } = (await client.open('season')).metadata;
    assert.equal(cubes[0].units, 'K');
    const computed = await (await client.open('season'))
      .cube('t')
      .isel({ realization: 0, time: 0 })
      .convert('degF')
      .compute();
    assert.ok(Math.abs(Number(computed.values[0]) - (pointValue(1, 0, 0) * 1.8 - 459.67)) < 1e-9);
  });

  it('lays runs of a forecast by lead times, ragged where that is allowed, or takes the best of them', async () => {
    const at = (start: number, time: number, point: number) => 1000 * start + time + point / 10;
    const runs = { 0: [0, 6, 12, 18], 6: [6, 12], 12: [12, 18, 24] };
    for (const [start, times] of Object.entries(runs))
      await writeMember(join(mesh.state, 'runs', `run${start}.nc`), {
        times,
        run: Number(start),
        valueAt: (time, point) => at(Number(start), time, point),
      });
    const files = `${mesh.state}/runs/*.nc`;
    const best = await run('publish', 'best', files, '--best');
    assert.equal(best.code, 0, best.stderr);
    const latest = [0, 6, 12, 12, 12];
    const { json } = await run('compute', 'best', 't');
    assert.deepEqual(json.dimensions, ['time', 'latitude', 'longitude']);
    assert.deepEqual(
      json.values,
      [0, 6, 12, 18, 24].flatMap((time, i) => points.map((point) => at(latest[i], time, point))),
    );
    const started = json.coordinates.find(({ name }: { name: string }) => name === 'forecast_reference_time');
    assert.deepEqual([started.dimensions, started.values], [['time'], latest]);

    const ragged = await run('publish', 'ragged', files, '--allow-missing');
    assert.equal(ragged.code, 0, ragged.stderr);
    const all = (await run('compute', 'ragged', 't')).json;
    assert.deepEqual(all.dimensions, ['forecast_reference_time', 'time', 'latitude', 'longitude']);
    const expected = Object.entries(runs).flatMap(([start, times]) =>
      [0, 6, 12, 18].flatMap((lead) =>
        points.map((point) =>
          times.includes(Number(start) + lead) ? at(Number(start), Number(start) + lead, point) : null,
        ),
      ),
    );
    assert.deepEqual(all.values, expected);

    // The same by an expression, of runs of their own and of all in one dataset.
    for (const start of Object.keys(runs))
      assert.equal((await run('publish', `run${start}`, `${mesh.state}/runs/run${start}.nc`)).code, 0);
    for (const text of [
      'best("run12:t", "run0:t", "run6:t")',
      'best(t)',
      'best("best:t", "run0:t"[time=#1])',
    ]) {
      const { json: found, stderr } = await run('compute', 'ragged', text);
      assert.deepEqual(found.values, json.values, `${text}: ${stderr}`);
      assert.deepEqual(byName(found.coordinates), byName(json.coordinates), text);
    }
    const target = join(mesh.state, 'best.nc');
    const saved = await run('compute', 'ragged', 'best("run0:t", "run6:t")', '--out', target);
    assert.equal(saved.code, 0, saved.stderr);
    assert.equal((await run('publish', 'saved', target)).code, 0);
    const mean = (await run('compute', 'saved', 'mean(best(t), time)')).json;
    assert.deepEqual(
      mean.values,
      points.map((point) => (at(0, 0, point) + at(6, 6, point) + at(6, 12, point) + at(0, 18, point)) / 4),
    );
  });

  it('unpacks each file as that file says, when netCDF4 packed each another way (needs Python and netCDF4)', async function () {
    if (!hasPython('netCDF4', 'numpy')) {
      console.log('      skipped: no netCDF4 for Python; "npm test" installs it');
      this.skip();
    }
    const script = join(import.meta.dirname, '../reference/write-packed-run.py');
    for (const seed of [1, 2]) {
      const where = join(mesh.state, `packed${seed}`);
      const [expected] = runPython<{ shape: number[]; values: (number | null)[]; mean: (number | null)[] }>(
        script,
        where,
        seed,
      );
      const published = await run('publish', `packed${seed}`, `${where}/*.nc`);
      assert.equal(published.code, 0, published.stderr);
      const all = (await run('compute', `packed${seed}`, 't')).json;
      assert.deepEqual(all.shape, expected.shape);
      assert.deepEqual(all.values, expected.values);
      // A slice that begins in one file and ends in the next.
      const between = (await run('compute', `packed${seed}`, 't[time=#2:#4]')).json;
      assert.deepEqual(between.values, expected.values.slice(2 * 20, 4 * 20));
      const mean = (await run('compute', `packed${seed}`, 'mean(t, time)')).json;
      for (const [point, value] of expected.mean.entries())
        assert.ok(Math.abs(mean.values[point] - Number(value)) < 1e-9, `${mean.values[point]}, ${value}`);
    }
  });
});
