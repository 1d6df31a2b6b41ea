import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import type { RotatedPole } from '@hyperslab/cube';
import { rowsBytes } from '@hyperslab/kernels';
import { StageKind } from '@hyperslab/proto/expression';
import { boundRows, estimate, heldByTasks } from '../../src/index.ts';
import { pointsBytes, regridBytes, stripBytes } from '../../src/operations/regrid/held-bytes.ts';
import type { AxesGrid, FieldsGrid, RegridParameters } from '../../src/operations/regrid/parameters.ts';
import { keptBytes } from '../../src/operations/regrid/row-cache.ts';
import { weightsInStrips } from '../../src/operations/regrid/weights.ts';
import { compute, planText } from '../run-plan.ts';
import { numbers } from '../sample-dataset.ts';
import { fieldsDataset, griddedDataset, type SampleGrid } from './grids.ts';

function cells(low: number, high: number, count: number) {
  const ends = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
  const points = ends.slice(1).map((end, i) => (end + ends[i]) / 2);
  return { points, bounds: ends.slice(1).flatMap((end, i) => [ends[i], end]) };
}

function gridOf(rows: number, columns: number): SampleGrid {
  const [north, east] = [cells(-20, 20, rows), cells(-30, 30, columns)];
  return {
    pole: [38, -175],
    latitude: north.points,
    latitudeBounds: north.bounds,
    longitude: east.points,
    longitudeBounds: east.bounds,
  };
}

describe('memory of regrid', () => {
  afterEach(() => boundRows(128 * 2 ** 20));

  const [rows, columns] = [12, 15];
  const data: MaskedArray = {
    ...numbers(
      'float32',
      [3, rows, columns],
      Array.from({ length: 3 * rows * columns }, (_, i) => Math.sin(i)),
    ),
    mask: Uint8Array.from({ length: 3 * rows * columns }, (_, i) => (i % 50 === 7 ? 1 : 0)),
  };
  const { dataset, variables } = fieldsDataset(data, gridOf(rows, columns), gridOf(5, 6));

  const degrees = (low: number, high: number, along: number) =>
    numbers(
      'float64',
      [rows, columns],
      Array.from(
        { length: rows * columns },
        (_, i) => low + ((high - low) * (along === 0 ? Math.floor(i / columns) : i % columns)) / 10,
      ),
    );
  const parts = [data, degrees(30, 50, 0), degrees(0, 40, 1)];
  const axis = (count: number, low: number, high: number) => ({ points: cells(low, high, count).points });
  const parameters = (method: RegridParameters['method']): RegridParameters => ({
    order: ['j', 'i'],
    source: {
      dimensions: ['j', 'i'],
      grid: { kind: 'fields', extents: [rows, columns], latitude: 1, longitude: 2, scale: [1, 1] },
    },
    target: {
      dimensions: ['y', 'x'],
      grid: { kind: 'axes', latitude: axis(200, 30, 50), longitude: axis(500, 0, 40) },
    },
    along: [],
    method,
    tolerated: 0,
  });
  const target = { origin: [0, 0], shape: [200, 500] };

  for (const method of ['bilinear', 'nearest', 'conservative', 'conservative2']) {
    it(`is the same bits in strips of one box as in small boxes: ${method}`, async () => {
      const text = `regrid(t, step=0.75, method=${method})`;
      const whole = await compute(text, dataset, variables);
      assert.deepEqual(whole.shape, [3, 240, 480]);
      const small = await compute(text, dataset, variables, { targetBlockBytes: 200_000, tileBytes: 50_000 });
      assert.ok(whole.mask?.includes(0) && whole.mask.includes(1));
      const bits = ({ values, mask }: MaskedArray) => [
        Buffer.from((values as Float32Array).map((value, i) => (mask![i] === 0 ? value : 0)).buffer),
        mask,
      ];
      assert.deepEqual(bits(whole), bits(small));
    });
  }

  it('of weights is counted with at least what they take, whatever strip', () => {
    for (const method of ['bilinear', 'nearest'] as const) {
      let targets = 0;
      for (const { rows: weights } of weightsInStrips(parameters(method), target, parts)) {
        const own = weights.offsets.length - 1;
        assert.ok(own <= 2 ** 16);
        assert.ok(rowsBytes(weights) <= stripBytes(parameters(method), own) / 2);
        targets += own;
      }
      assert.equal(targets, 100_000);
    }
  });

  for (const method of ['bilinear', 'nearest'] as const) {
    it(`of what finds points is kept for all strips of a box, and for other boxes where it fits: ${method}`, () => {
      let reads = 0;
      const counted: MaskedArray = {
        ...parts[1],
        get values() {
          reads++;
          return parts[1].values;
        },
      };
      /** How often points are made of coordinates, which are read once more to tell what they are. */
      const built = (origins: readonly number[]) => {
        reads = 0;
        for (const row of origins) {
          const box = { origin: [row, 0], shape: [199, 500] };
          assert.equal([...weightsInStrips(parameters(method), box, [data, counted, parts[2]])].length, 2);
        }
        return reads - origins.length;
      };
      const { grid } = parameters(method).source!;
      const bytes = pointsBytes(method, grid as FieldsGrid, parts);
      // A strip takes more than that, and the source is no less needed.
      boundRows(bytes);
      assert.equal(built([0, 1]), 1);
      boundRows(bytes - 1);
      assert.equal(keptBytes(), 0);
      assert.equal(built([0, 1]), 2);
      assert.equal(keptBytes(), 0);
    });
  }

  it('is in what a task is estimated to take, and grows with what is held of the source, not with the target', async () => {
    const cost = async (text: string) => {
      const plan = await planText(text, dataset);
      return { held: heldByTasks(plan), taskBytes: estimate(plan).taskBytes };
    };
    const [near, far] = [await cost('regrid(t, step=0.625)'), await cost('regrid(t, step=0.3125)')];
    assert.ok(near.held[0] > 0 && near.taskBytes > near.held[0]);
    assert.ok(far.held[0] < 1.1 * near.held[0]);
    const areas = await cost('regrid(t, step=30, method=conservative)');
    const second = await cost('regrid(t, step=30, method=conservative2)');
    assert.ok(areas.held[0] > rows * columns * 4 * 24 && second.held[0] > areas.held[0]);
    const reduced = await cost('mean(regrid(t, step=0.625), time)');
    assert.ok(reduced.held[0] > 0);
    assert.deepEqual((await cost('t * 2.0')).held, [0]);
  });

  it('is that of the largest of several, of which one is computed at a time', async () => {
    const held = async (text: string) => heldByTasks(await planText(text, dataset));
    const [first, second] = ['conservative', 'conservative2'].map((method) => `step=30, method=${method}`);
    assert.deepEqual(
      await held(`regrid(t, ${first}) - regrid(-t, ${first})`),
      await held(`regrid(t, ${first})`),
    );
    const largest = await held(`regrid(t, ${second})`);
    assert.deepEqual(await held(`regrid(t, ${first}) - regrid(t, ${second})`), largest);
    assert.deepEqual(await held(`regrid(t, ${second}) - regrid(t, ${first})`), largest);
  });

  it('is the same of tasks that write what they make, and none of those that write what was made', async () => {
    const plan = await planText('regrid(t, step=30, method=conservative)', dataset);
    const [evaluates] = plan.stages;
    const writes = { ...evaluates, kind: StageKind.STAGE_KIND_WRITE_CHUNKS };
    const writing = { ...plan, stages: [writes, { ...writes, fanIn: 1 }] };
    assert.deepEqual(heldByTasks(writing), [...heldByTasks(plan), 0]);
    assert.ok(heldByTasks(plan)[0] > 0);
  });

  it('of second order is that of one phase, and less between axes of one globe, which need no polygons then', () => {
    const globe = (count: number, pole?: RotatedPole): AxesGrid => ({
      kind: 'axes',
      latitude: { ...cells(-90, 90, count), limits: [-90, 90] },
      longitude: { ...cells(0, 360, 2 * count), period: 360 },
      pole,
    });
    const bytes = (from: AxesGrid, to: AxesGrid, count: number) => {
      const [source, target] = [from, to].map((grid) => ({ dimensions: ['y', 'x'], grid }));
      const second = { order: ['y', 'x'], source, target, along: [], tolerated: 1 };
      const box = { origin: [0, 0], shape: [count, 2 * count] };
      return regridBytes({ ...second, method: 'conservative2' }, [], box);
    };
    const pole = { latitude: 38, longitude: -175, northPoleGridLongitude: 0 };
    for (const [from, to] of [
      [720, 180],
      [180, 720],
    ]) {
      const between = bytes(globe(from), globe(to), to);
      assert.ok(between < 440 * 2 ** 20, `${from} to ${to} rows: ${between} bytes`);
      assert.ok(between < 0.9 * bytes(globe(from, pole), globe(to), to));
    }
  });

  it('is none to speak of between axes of one globe', async () => {
    const plain = (grid: SampleGrid) => ({ ...grid, pole: null });
    const along = griddedDataset(data, plain(gridOf(rows, columns)), plain(gridOf(5, 6)));
    assert.deepEqual(heldByTasks(await planText('regrid(t, step=0.5)', along.dataset)), [0]);
  });
});
