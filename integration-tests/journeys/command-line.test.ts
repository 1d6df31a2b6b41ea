import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { heavyExpression } from '../harness/heavy-expression.ts';
import type { CommandResult } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

// The shapes that docs/cli.md states, and the exit statuses.
describe('the command line', function () {
  this.timeout(180_000);
  let mesh: Mesh;

  before(async () => {
    mesh = await startMesh({
      sample: true,
      // None is taken by time: on a slow machine the first would be.
      env: { ...process.env, HYPERSLAB_SNAPSHOT_INTERVAL: '0s' },
    });
  });
  after(() => mesh?.stop());

  /** Runs a command with --json that is to succeed. */
  async function json(...args: string[]) {
    const { code, json, stderr } = await mesh.hyperslab([...args, '--json']);
    assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
    assert.equal(stderr, '', args.join(' '));
    return json;
  }

  /** Runs a command that is to fail, plainly and with --json; answers the JSON error. */
  async function failure(code: number, ...args: string[]): Promise<{ code: string; message: string }> {
    const plain = await mesh.hyperslab(args);
    assert.equal(plain.code, code, `${args.join(' ')}: ${plain.stderr}`);
    assert.match(plain.stderr, /^hyperslab: .+\n$/, 'one line');
    assert.equal(plain.stdout, '');
    const forPrograms: CommandResult = await mesh.hyperslab([...args, '--json']);
    assert.equal(forPrograms.code, code);
    const { error } = JSON.parse(forPrograms.stderr);
    assert.deepEqual(Object.keys(error), ['code', 'message', 'details']);
    return error;
  }

  const keys = (value: object) => Object.keys(value);

  it('describes datasets', async () => {
    const [listed, ...others] = await json('ls');
    assert.deepEqual(keys(listed), ['name', 'version', 'title', 'cubes']);
    assert.deepEqual([listed.name, listed.version, listed.cubes], ['sample/run', 1, 8]);
    assert.deepEqual(others, []);
    assert.equal((await json('ls', 'temperature')).length, 1);
    assert.equal((await json('ls', 'salinity')).length, 0);
    assert.equal((await json('ls', '--parameter', 'air_temperature', '--area', '-10,48,0,60')).length, 1);
    assert.equal((await json('ls', '--area', '100,-60,120,-50')).length, 0);

    const shown = await json('show', 'sample/run');
    assert.deepEqual(keys(shown), ['name', 'version', 'merged_with', 'attributes', 'cubes']);
    const [cube] = shown.cubes;
    assert.deepEqual(keys(cube), [
      'name',
      'standard_name',
      'long_name',
      'units',
      'dtype',
      'dimensions',
      'shape',
      'coordinates',
      'cell_methods',
      'attributes',
    ]);
    assert.ok(cube.coordinates.includes('latitude'));
    assert.equal(cube.dimensions.length, cube.shape.length);
    const one = await json('show', 'sample/run@1', 'air_temperature');
    assert.deepEqual(one.cubes, [cube]);
    const markdown = await mesh.hyperslab(['show', 'sample/run', '--markdown']);
    assert.match(markdown.stdout, /^# /m);
  });

  it('publishes, inspects, hides and shows again', async () => {
    const files = join(mesh.state, 'sample/run_00?.nc');
    const inspected = await json('inspect', files);
    assert.deepEqual(keys(inspected), ['attributes', 'cubes', 'notes']);
    assert.equal(inspected.cubes[0].shape[0], 10);
    const args = ['publish', 'test/two', files, '--request-id', 'one-request'];
    assert.deepEqual(await json(...args), { name: 'test/two', version: 1, cubes: 8 });
    assert.deepEqual(await json(...args), { name: 'test/two', version: 1, cubes: 8 }, 'the same request');
    assert.equal((await json('publish', 'test/two', files)).version, 2);
    const versions = await json('versions', 'test/two');
    assert.deepEqual(keys(versions[0]), [
      'version',
      'title',
      'cubes',
      'published',
      'publisher',
      'unpublished',
    ]);
    assert.deepEqual(
      versions.map(({ version }: { version: number }) => version),
      [2, 1],
    );
    assert.deepEqual(await json('unpublish', 'test/two'), { name: 'test/two', versions: [1, 2] });
    await failure(3, 'show', 'test/two');
    assert.deepEqual(await json('restore', 'test/two'), { name: 'test/two', versions: [1, 2] });
    await json('show', 'test/two');
  });

  it('computes, keeps, writes and publishes results', async () => {
    const expression = 't[pressure=850, latitude=50:52, time=#0]';
    const computed = await json('compute', 'sample/run', expression);
    assert.deepEqual(keys(computed), [
      'dtype',
      'units',
      'dimensions',
      'shape',
      'values',
      'missing',
      'nan',
      'coordinates',
    ]);
    assert.equal(computed.values.length, computed.shape[0] * computed.shape[1]);
    const time = computed.coordinates.find(({ name }: { name: string }) => name === 'time');
    assert.deepEqual(keys(time), ['name', 'dimensions', 'units', 'calendar', 'values', 'iso', 'bounds']);
    assert.match(time.iso[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

    const out = join(mesh.state, 'out.json');
    assert.deepEqual(keys(await json('compute', 'sample/run', expression, '--out', out)), [
      'out',
      'dtype',
      'units',
      'dimensions',
      'shape',
      'missing',
      'nan',
    ]);
    assert.deepEqual(JSON.parse(await readFile(out, 'utf8')).values, computed.values);

    const kept = await json('persist', 'sample/run', expression);
    assert.deepEqual(keys(kept), ['job', 'dtype', 'units', 'dimensions', 'shape', 'bytes']);
    assert.deepEqual((await json('result', kept.job)).values, computed.values);
    const name = `job:${kept.job}`;
    assert.deepEqual((await json('compute', name, 'result')).values, computed.values);
    const none = await json('compute', 'sample/run', `max(abs("${name}" - (${expression})))`);
    assert.deepEqual([none.values, none.units], [[0], kept.units]);
    assert.equal((await json('explain', name, 'mean(result)')).result.units, kept.units);
    const map = join(mesh.state, 'kept.svg');
    assert.deepEqual(keys(await json('plot', name, 'result', '--out', map)), ['out', 'kind', 'bytes']);
    assert.deepEqual(await json('release', kept.job), { job: kept.job });
    await failure(3, 'result', kept.job);
    await failure(3, 'compute', name, 'result');

    const plan = await json('explain', 'sample/run', 'mean(t, time)');
    assert.deepEqual(keys(plan), [
      'expression',
      'result',
      'stages',
      'source_bytes',
      'result_bytes',
      'moved_bytes',
      'task_bytes',
      'kept_job',
    ]);
    assert.deepEqual(keys(plan.stages[0]), ['kind', 'tasks', 'inputs']);

    const published = await json('compute', 'sample/run', 'mean(t, time)', '--publish', 'test/mean');
    assert.deepEqual(published, { name: 'test/mean', version: 1, cubes: 1 });
    const [again] = (await json('show', 'test/mean')).cubes;
    const direct = await json('compute', 'sample/run', 'mean(t, time)');
    assert.deepEqual((await json('compute', 'test/mean', `"${again.name}"`)).values, direct.values);
  });

  it('writes netCDF that can be published again', async () => {
    const out = join(mesh.state, 'again.nc');
    await json('compute', 'sample/run', 'max(t, time)', '--out', out);
    assert.equal((await json('publish', 'test/again', out)).cubes, 1);
    const direct = await json('compute', 'sample/run', 'max(t, time)');
    const back = await json('compute', 'test/again', 'max_t_time');
    assert.deepEqual(back.values, direct.values);
    assert.equal(back.units, direct.units);
  });

  it('writes one result or several into a file, and replaces none unasked', async () => {
    const out = join(mesh.state, 'two.zarr');
    const expressions = ['mean(t, time)', 'wind = max(sqrt(u^2 + v^2), time)'];
    const options = ['--out', out, '--chunks', 'latitude=7,longitude=5', '--compression', 'gzip'];
    const written = await json('compute', 'sample/run', ...expressions, ...options);
    assert.deepEqual(keys(written), ['out', 'format', 'variables']);
    assert.deepEqual(keys(written.variables[0]), [
      'name',
      'dtype',
      'units',
      'dimensions',
      'shape',
      'missing',
      'nan',
    ]);
    assert.deepEqual(
      written.variables.map(({ name }: { name: string }) => name),
      ['mean_t_time', 'wind'],
    );
    assert.equal((await json('publish', 'test/two', out)).cubes, 2);
    const direct = await json('compute', 'sample/run', 'max(sqrt(u^2 + v^2), time)');
    assert.deepEqual((await json('compute', 'test/two', 'wind')).values, direct.values);

    const again = ['compute', 'sample/run', 'mean(t)', '--out', out];
    assert.match((await failure(2, ...again)).message, /is there already.*--overwrite/);
    const one = await json(...again, '--overwrite');
    assert.deepEqual(keys(one), ['out', 'format', 'dtype', 'units', 'dimensions', 'shape', 'missing', 'nan']);
    assert.deepEqual(one.shape, []);

    const table = join(mesh.state, 't.csv');
    await json('compute', 'sample/run', 'mean(t, time, latitude, longitude)', '--out', table);
    assert.match(await readFile(table, 'utf8'), /^pressure,"mean\(t, time, latitude, longitude\)"\r\n/);
    const kept = await json('persist', 'sample/run', 'mean(t, time, latitude, longitude)');
    const parquet = join(mesh.state, 't.parquet');
    assert.equal((await json('result', kept.job, '--out', parquet)).format, 'parquet');

    assert.match((await failure(2, 'compute', 'sample/run', 't', '--level', '3')).message, /add --out/);
    assert.match((await failure(2, 'compute', 'sample/run', 't', 'u')).message, /add --out/);
    const level = ['compute', 'sample/run', 't', '--out', join(mesh.state, 'x.csv'), '--level', '3'];
    assert.match((await failure(2, ...level)).message, /no levels/);
    assert.deepEqual(
      (await readdir(mesh.state)).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('draws maps and lines', async () => {
    const out = join(mesh.state, 'picture.svg');
    const map = await json('plot', 'sample/run', 't[pressure=850, time=#0]', '--out', out);
    assert.deepEqual(keys(map), ['out', 'kind', 'bytes']);
    assert.equal(map.kind, 'map');
    const line = await json('plot', 'sample/run', 'mean(t, latitude, longitude, pressure)', '--out', out);
    assert.equal(line.kind, 'line');
    assert.equal((await readFile(out)).length, line.bytes);
    await failure(2, 'plot', 'sample/run', 't', '--out', out);
    const png = join(mesh.state, 'picture.png');
    const drawn = await json('compute', 'sample/run', 't[pressure=850, time=#0]', '--out', png);
    assert.deepEqual(keys(drawn), ['out', 'kind', 'bytes']);
    assert.equal((await readFile(png)).subarray(1, 4).toString(), 'PNG');
  });

  it('tells of jobs and backups', async () => {
    const jobs = await json('jobs');
    assert.deepEqual(keys(jobs[0]), [
      'id',
      'kind',
      'state',
      'description',
      'caller',
      'priority',
      'submitted',
      'ended',
      'tasks',
      'tasks_done',
      'tasks_running',
      'phase',
      'published',
      'error',
    ]);
    assert.deepEqual(keys(await json('cancel', jobs[0].id)), keys(jobs[0]));
    for (const priority of ['low', 'high', 'normal']) {
      await json('compute', 'sample/run', 'mean(t)', '--priority', priority);
      assert.equal((await json('jobs'))[0].priority, priority);
      const { job } = await json('persist', 'sample/run', 'mean(t)', '--priority', priority);
      const listed: { id: string; priority: string }[] = await json('jobs');
      assert.equal(listed.find(({ id }) => id === job)?.priority, priority);
    }
    const table = join(mesh.state, 'low.csv');
    await json('compute', 'sample/run', 'mean(t)', '--priority', 'low', '--out', table);
    assert.equal((await json('jobs'))[0].priority, 'low');
    await failure(2, 'compute', 'sample/run', 'mean(t)', '--priority', 'urgent');
    const snapshot = await json('backup', 'now');
    const shape = ['id', 'taken', 'catalog_sequence', 'scheduler_sequence', 'versions', 'bytes'];
    assert.deepEqual(keys(snapshot), shape);
    assert.deepEqual(await json('backup', 'list'), [snapshot]);
    for (const args of [[], [snapshot.id]]) {
      const verified = await json('backup', 'verify', ...args);
      assert.deepEqual(keys(verified), ['entries', 'manifests', 'problems']);
      assert.deepEqual(verified.problems, []);
    }
    assert.deepEqual(keys(await json('backup', 'restore')), ['restored']);
    const directory = join(mesh.state, 'export');
    const { documents } = await json('backup', 'export', directory);
    assert.ok(documents >= 1);
    assert.ok((await readdir(join(directory, 'sample/run'))).includes('1.md'));
  });

  it('tells how everything is', async () => {
    assert.deepEqual(keys((await json('config'))[0]), ['variable', 'value', 'source', 'description']);
    const { checks } = await json('doctor');
    assert.deepEqual(keys(checks[0]), ['name', 'ok', 'detail']);
    const roots = checks.filter(({ name }: { name: string }) => name === 'data root');
    assert.deepEqual(
      roots.map(({ detail }: { detail: string }) => detail),
      [mesh.state],
      'those of the mesh',
    );
    const [one] = (await mesh.hyperslab(['show', 'test/again'])).stdout.match(/^from .*$/m)!;
    assert.equal(one, 'from 1 object');
    const directory = join(mesh.state, 'written');
    assert.deepEqual(keys(await json('sample', directory, '--size', '1MiB')), [
      'directory',
      'files',
      'bytes',
    ]);
  });

  it('answers failures with their exit status', async () => {
    assert.equal((await failure(3, 'show', 'no/such')).code, 'DATASET_NOT_FOUND');
    assert.equal((await failure(3, 'show', 'sample/run', 'nope')).code, 'VARIABLE_NOT_FOUND');
    assert.equal((await failure(3, 'compute', 'sample/run', 'nope + 1')).code, 'VARIABLE_NOT_FOUND');
    assert.equal((await failure(3, 'cancel', 'nope')).code, 'JOB_NOT_FOUND');
    assert.equal((await failure(2, 'compute', 'sample/run', 'mean(t')).code, 'EXPRESSION_INVALID');
    assert.equal((await failure(2, 'compute', 'sample/run', 't', '--out', 'a.txt')).code, 'INVALID_ARGUMENT');
    assert.equal((await failure(2, 'publish', 'bad name', 'x.nc')).code, 'NAME_INVALID');
    assert.equal((await failure(4, 'publish', 'test/denied', '/etc/hostname')).code, 'OUTSIDE_ROOTS');
    assert.match((await failure(2, 'publish', 'test/empty', '')).message, /^an empty text is no URL/);
    const out = '/nonexist/o.nc';
    assert.match(
      (await failure(2, 'compute', 'sample/run', 't', '--out', out)).message,
      /\/nonexist\/o\.nc: /,
    );
    for (const unknown of [['fly'], ['fly', '--help'], ['help', 'fly'], ['backup', 'nope', '--help']])
      assert.match((await failure(2, ...unknown)).message, /^unknown command/);
  });

  it('cancels the job on Ctrl-C, with status 130', async () => {
    // Large enough to be still at it.
    const long = heavyExpression('t', { terms: 60, seed: 1 });
    let pid = 0;
    const running = mesh.hyperslab(['compute', 'sample/run', long], {
      onStart: (started) => {
        pid = started;
      },
    });
    const isComputing = async () => {
      const [job] = await json('jobs');
      return job.description.includes('sin(exp') && job.state === 'running';
    };
    let seen = false;
    for (let i = 0; i < 40 && !seen; i++) {
      seen = await isComputing();
      if (!seen) await delay(20);
    }
    process.kill(pid, 'SIGINT');
    const { code, stderr } = await running;
    assert.equal(code, 130, stderr);
    const [job] = await json('jobs');
    assert.equal(job.state, 'cancelled');
  });
});
