import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { watchProcesses } from '../harness/watch-processes.ts';
import { writeArray, writeJson } from '../harness/write-array.ts';

const mebibyte = 2 ** 20;
const workerMemory = 512 * mebibyte;
/** As many points as the grid of HRRR over North America has, which has no axes either. */
const [rows, columns] = [1059, 1799];
const [j, i, corner] = ['y', 'x', 'corner'];

/** Rows bend, and columns come together towards the north. */
function placeOf(row: number, column: number): { latitude: number; longitude: number } {
  const [up, along] = [row / (rows - 1), column / (columns - 1) - 0.5];
  return { latitude: 21 + 26 * up - 12 * along * along, longitude: -97.5 + along * (48 + 20 * up) };
}

const valueAt = (latitude: number, longitude: number) => latitude - longitude / 8;

describe('regridding from a grid of 1.9 million points with small workers', function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let folder: string;
  let dataset: Dataset;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-regrid-'));
    await writeGrid(join(folder, 'grid.zarr'));
    mesh = await startMesh({
      roots: [folder],
      workerMemory: '512MiB',
      env: { ...process.env, HYPERSLAB_WORKER_THREADS: '1', HYPERSLAB_OUTPUT_ROOTS: folder },
    });
    const { code, stderr } = await mesh.hyperslab(['publish', 'grid', join(folder, 'grid.zarr')]);
    assert.equal(code, 0, stderr);
    dataset = await (await mesh.client()).open('grid');
  });

  after(async () => {
    await mesh?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function withinMemory<T>(what: string, run: () => Promise<T>): Promise<T> {
    const watch = watchProcesses(
      await Promise.all([mesh.pidOf('worker-pool-1'), mesh.pidOf('worker-pool-2')]),
    );
    try {
      return await run();
    } finally {
      const { peakBytes, cpuSeconds } = watch.end();
      console.log(
        `      ${what}: ${(peakBytes / mebibyte).toFixed(0)} MiB, ${cpuSeconds.toFixed(1)} s of processor time`,
      );
      assert.ok(peakBytes < workerMemory, `a worker took ${peakBytes} bytes`);
    }
  }

  it('is between the points, within the memory of a worker', async () => {
    const { shape, values, mask } = await withinMemory('bilinear', () =>
      dataset.expression('regrid(refc, step=0.25)').compute(),
    );
    assert.deepEqual(shape, [2, 720, 1440]);
    let there = 0;
    for (let at = 0; at < values.length; at++) {
      if (mask?.[at] === 1) continue;
      there++;
      const [row, column] = [Math.floor(at / 1440) % 720, at % 1440];
      const step = Math.floor(at / 720 / 1440);
      const expected = step + valueAt(-90 + (row + 0.5) / 4, -360 + (column + 0.5) / 4);
      assert.ok(Math.abs(Number(values[at]) - expected) < 1e-4, `${values[at]} at ${at}, not ${expected}`);
    }
    assert.ok(there > 2 * 20_000 && there < 2 * 50_000, `${there} values`);
  });

  it('is counted in what explain says of a task', async () => {
    const explained = async (method: string) => {
      const { json, stderr } = await mesh.hyperslab([
        'explain',
        'grid',
        `regrid(refc, step=0.25, method=${method})`,
        '--json',
      ]);
      assert.ok(json, stderr);
      return Number(json.task_bytes);
    };
    const [near, areas] = [await explained('bilinear'), await explained('conservative')];
    assert.ok(near > 30 * mebibyte && near < 100 * mebibyte, `${near} bytes`);
    assert.ok(areas > rows * columns * 140, `${areas} bytes`);
  });

  for (const onWorkers of [false, true])
    it(`is refused with the numbers by areas, which need more${onWorkers ? ', where workers write it' : ''}`, async () => {
      const chunks = { latitude: 72, longitude: 144 };
      const areas = dataset.expression('regrid(refc, step=0.25, method=conservative)');
      await withinMemory('conservative', () =>
        assert.rejects(
          onWorkers ? areas.save(join(folder, 'areas.zarr'), { onWorkers, chunks }) : areas.compute(),
          (error) =>
            isHyperslabError(error, 'TOO_LARGE') &&
            /take up to \d{9} bytes; this worker has \d{8} for that: .*HYPERSLAB_WORKER_MEMORY/.test(
              error.message,
            ),
        ),
      );
    });
});

/** Two steps of a field on points with latitudes, longitudes and the corners of cells. */
async function writeGrid(folder: string): Promise<void> {
  const points = rows * columns;
  const [latitude, longitude] = [new Float32Array(points), new Float32Array(points)];
  const [north, east] = [new Float32Array(4 * points), new Float32Array(4 * points)];
  const field = new Float32Array(2 * points);
  for (let at = 0; at < points; at++) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const place = placeOf(row, column);
    [latitude[at], longitude[at]] = [place.latitude, place.longitude];
    for (const [corner, [down, along]] of [
      [-1, -1],
      [-1, 1],
      [1, 1],
      [1, -1],
    ].entries()) {
      const end = placeOf(row + down / 2, column + along / 2);
      [north[4 * at + corner], east[4 * at + corner]] = [end.latitude, end.longitude];
    }
    for (const step of [0, 1]) field[step * points + at] = step + valueAt(latitude[at], longitude[at]);
  }
  await mkdir(folder);
  await writeJson(join(folder, '.zgroup'), { zarr_format: 2 });
  const grid = { dimensions: [j, i], shape: [rows, columns] };
  const cells = { dimensions: [j, i, corner], shape: [rows, columns, 4] };
  const attributes = (name: string, units: string) => ({
    units,
    standard_name: name,
    bounds: `${name}_bounds`,
  });
  await writeArray(folder, 'latitude', {
    ...grid,
    values: latitude,
    attributes: attributes('latitude', 'degrees_north'),
  });
  await writeArray(folder, 'longitude', {
    ...grid,
    values: longitude,
    attributes: attributes('longitude', 'degrees_east'),
  });
  await writeArray(folder, 'latitude_bounds', { ...cells, values: north });
  await writeArray(folder, 'longitude_bounds', { ...cells, values: east });
  await writeArray(folder, 'refc', {
    dimensions: ['step', j, i],
    shape: [2, rows, columns],
    values: field,
    attributes: { units: 'dBZ', coordinates: 'latitude longitude' },
  });
}
