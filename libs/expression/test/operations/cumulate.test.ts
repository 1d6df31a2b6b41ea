import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { assemble, compute, planText, runPlan } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { cubesOf, inPython, randomVariable, shapes } from './random-variable.ts';

const cumulateCase: fc.Arbitrary<OperationCase> = shapes
  .chain((shape) => fc.record({ x: randomVariable('x', shape), which: fc.nat(), form: fc.nat({ max: 4 }) }))
  .map(({ x, which, form }) => {
    const axis = which % x.dimensions.length;
    const dimension = x.dimensions[axis];
    const python = inPython(x);
    // A maximum of nothing but NaN is one, which xarray has not by itself.
    const extreme = (name: string) =>
      `xr.apply_ufunc(lambda v: np.f${name}.accumulate(v, axis=${axis}), ${python})`;
    const cases: [string, string][] = [
      [`cumsum(x, ${dimension})`, `${python}.cumsum("${dimension}")`],
      [`cumprod(x / 32.0, ${dimension})`, `(x.astype("float64") / 32).cumprod("${dimension}")`],
      [`cummax(x, ${dimension})`, extreme('max')],
      [`cummin(x, ${dimension})[${dimension}=#-1]`, `${extreme('min')}.isel(${dimension}=-1)`],
      [`max(cumsum(x, ${dimension}), ${dimension})`, `${python}.cumsum("${dimension}").max("${dimension}")`],
    ];
    const [text, same] = cases[form];
    return { cube: cubesOf(x), text, python: same };
  });

/** A column so long that it is cut into sections. */
const length = 1_200_000;
const long = (values: SampleVariable['array']['values'], dtype: 'float32' | 'int64'): SampleVariable => ({
  name: 'x',
  dimensions: ['a', 'b'],
  array: {
    dtype,
    shape: [length, 2],
    values,
    mask: Uint8Array.from({ length: 2 * length }, (_, i) => (i % 7 === 0 ? 1 : 0)),
  },
  chunks: [regularRuns(length, 150_000), regularRuns(2, 2)],
});

describe('cumulation', () => {
  it('agrees with xarray, for every type', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    await assertAgreesWithXarray(cumulateCase, { anyType: true });
  });

  it('goes on over sections of a long dimension', async function () {
    this.timeout(60_000);
    const values = Float32Array.from({ length: 2 * length }, (_, i) =>
      i % 11 === 0 ? Number.NaN : ((i * 7919) % 1000) - 300,
    );
    const x = long(values, 'float32');
    for (const [operation, next] of [
      ['cumsum', (sum: number, value: number) => sum + value],
      ['cummin', Math.min],
      ['cumprod', (product: number, value: number) => product * value],
    ] as const) {
      const of = operation === 'cumprod' ? '1 + x * 1e-7' : 'x';
      const scaled = (value: number) =>
        operation === 'cumprod' ? Math.fround(1 + Math.fround(value * Math.fround(1e-7))) : value;
      const plan = await planText(`${operation}(${of}, a)[a=#1000::#100003]`, sampleDataset([x]));
      assert.ok(plan.stages.length > 1, 'sections are reduced beforehand');
      const result = assemble(plan, await runPlan(plan, [x]));
      const nothing = { cumsum: 0, cumprod: 1, cummin: Number.POSITIVE_INFINITY }[operation];
      const totals = [nothing, nothing];
      let row = 0;
      for (let i = 0; i < length; i++) {
        for (let j = 0; j < 2; j++) {
          const at = 2 * i + j;
          if (x.array.mask![at] === 0 && !Number.isNaN(values[at]))
            totals[j] = next(totals[j], scaled(values[at]));
        }
        if (i < 1000 || (i - 1000) % 100_003 !== 0) continue;
        const found = [Number(result.values[2 * row]), Number(result.values[2 * row + 1])];
        // Products of sections are multiplied in another order.
        const isSame = (total: number, j: number) =>
          operation === 'cumprod' ? Math.abs(found[j] / total - 1) < 1e-6 : found[j] === Math.fround(total);
        assert.ok(totals.every(isSame), `${operation} at ${i}: ${found}, not ${totals}`);
        row++;
      }
    }
  });

  it('stays no number once it is, as sums and products with infinities are, also over sections', async function () {
    this.timeout(60_000);
    const values = new Float32Array(2 * length).fill(1);
    values.set([Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0], 2);
    const x = long(values, 'float32');
    x.array.mask = undefined;
    for (const [operation, expected] of [
      ['cumsum', [Number.NaN, Number.POSITIVE_INFINITY]],
      ['cumprod', [Number.NaN, Number.POSITIVE_INFINITY]],
    ] as const) {
      const found = await compute(`${operation}(x, a)[a=#-1]`, sampleDataset([x]), [x]);
      assert.deepEqual([...(found.values as Float32Array)], expected, operation);
    }
  });

  it('adds 64-bit integers exactly, also over sections', async function () {
    this.timeout(60_000);
    const big = 2n ** 52n + 1n;
    const x = long(new BigInt64Array(2 * length).fill(big), 'int64');
    const { values } = await compute('cumsum(x, a)[a=#-1]', sampleDataset([x]), [x]);
    const present = [0, 1].map((j) => {
      let count = 0;
      for (let i = 0; i < length; i++) if ((2 * i + j) % 7 !== 0) count++;
      return BigInt.asIntN(64, BigInt(count) * big);
    });
    assert.deepEqual(values, BigInt64Array.from(present));
  });

  it('goes on in tiles of a block that has several sections', async () => {
    const x = long(new Float32Array(2 * length).fill(1), 'float32');
    const plan = await planText('cumsum(x, a)', sampleDataset([x]), { targetBlockBytes: 2 ** 28 });
    assert.equal(plan.stages.at(-1)!.tasks, 1);
    const { values } = assemble(plan, await runPlan(plan, [x], { tileBytes: 2 ** 20 }));
    let present = 0;
    for (let i = 0; i < length; i++) {
      if ((2 * i) % 7 !== 0) present++;
      if (i % 100_003 === 0 || i === length - 1) assert.equal(values[2 * i], present, `at ${i}`);
    }
  });

  it('is planned as few tasks and stages, however long the dimension is', async () => {
    const shape = [5_000_000, 100];
    const x: SampleVariable = {
      name: 'x',
      dimensions: ['a', 'b'],
      array: numbers('float32', [1, 1], [1]),
      chunks: [regularRuns(shape[0], 1000), regularRuns(shape[1], 100)],
    };
    const dataset = sampleDataset([x]);
    dataset.variables[0].shape = shape;
    const { stages } = await planText('cumsum(x, a)', dataset);
    assert.ok(stages.length <= 3, `${stages.length} stages`);
    assert.ok(stages.at(-1)!.tasks <= 5000, `${stages.at(-1)!.tasks} tasks`);
  });

  it('has a sum of 0 and no extreme where there was nothing yet', async () => {
    const x: SampleVariable = {
      name: 'x',
      dimensions: ['a'],
      array: { ...numbers('int32', [3], [9, 2, 4]), mask: Uint8Array.of(1, 0, 1) },
    };
    const sum = await compute('cumsum(x, a)', sampleDataset([x]), [x]);
    assert.deepEqual([sum.values, [...sum.mask!]], [BigInt64Array.of(0n, 2n, 2n), [0, 0, 0]]);
    const product = await compute('cumprod(x, a)', sampleDataset([x]), [x]);
    assert.deepEqual([product.values, [...product.mask!]], [BigInt64Array.of(1n, 2n, 2n), [0, 0, 0]]);
    const most = await compute('cummax(x, a)', sampleDataset([x]), [x]);
    assert.deepEqual(
      [[...(most.values as Int32Array)].slice(1), [...most.mask!]],
      [
        [2, 2],
        [1, 0, 0],
      ],
    );
    await assert.rejects(planText('cumsum(x)', sampleDataset([x])), /"cumsum" lacks "dimension"/);
  });
});
