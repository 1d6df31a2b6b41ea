import assert from 'node:assert/strict';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray } from './agree-with-xarray.ts';
import { randomCube } from './random-cube.ts';

const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['x'],
    array: numbers('float64', [5], [1, 4, 9, 16, 25]),
    attributes: { units: 'K' },
  },
  { name: 'x', dimensions: ['x'], array: numbers('float64', [5], [0, 1, 2, 3, 4]) },
];
const dataset = sampleDataset(variables, { t: [{ variable: 'x', dimensions: ['x'] }] });

describe('diff', () => {
  it('agrees with xarray', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    const cases = fc
      .record({
        cube: randomCube({ dimensions: ['time'] }).filter(({ lengths }) => lengths.time > 1),
        order: fc.integer({ min: 1, max: 3 }),
        form: fc.nat({ max: 2 }),
      })
      .map(({ cube, order, form }) => {
        const n = Math.min(order, cube.lengths.time - 1);
        const python = `t.diff("time", n=${n})`;
        if (form === 0) return { cube, text: `diff(t, time, n=${n})`, python };
        if (form === 1)
          return { cube, text: `mean(diff(t, time, n=${n}), time)`, python: `${python}.mean("time")` };
        return {
          cube,
          text: `diff(t, time, n=${n})[time=#0::#2]`,
          python: `${python}.isel(time=slice(0, None, 2))`,
        };
      });
    await assertAgreesWithXarray(cases, { anyType: true });
  });

  it('is at the second of two neighbours, keeps units and wraps integers', async () => {
    const { result } = await planText('diff(t, x)[x=#1]', dataset);
    assert.equal(result!.units, 'K');
    const bytes = {
      ...variables[0],
      array: { dtype: 'uint8' as const, shape: [2], values: Uint8Array.of(2, 1) },
    };
    const wrapped = await compute('diff(t, x)', sampleDataset([bytes]), [bytes]);
    assert.deepEqual(wrapped.values, Uint8Array.of(255));
    assert.deepEqual((await compute('diff(t, x)[x=2]', dataset, variables)).values, Float64Array.of(5));
  });

  it('refuses what there are no differences of', async () => {
    await assert.rejects(planText('diff(t, x, n=5)', dataset), /n=5 of "diff": expected 1 to 4/);
    const long = sampleDataset([
      { name: 't', dimensions: ['x'], array: numbers('float64', [100], new Array(100).fill(1)) },
    ]);
    await planText('diff(t, x, n=64)', long);
    await assert.rejects(planText('diff(t, x, n=65)', long), /n=65 of "diff": expected 1 to 64; of float64/);
    for (const length of [0, 1]) {
      const array = numbers('float64', [length], new Array(length).fill(1));
      const short = sampleDataset([{ name: 't', dimensions: ['x'], array }]);
      const said = new RegExp(`"diff" along "x": it has no neighbours; it is ${length} long`);
      await assert.rejects(planText('diff(t, x)', short), said);
    }
    await assert.rejects(planText('diff(t, y)', dataset), /"y" is no dimension/);
    await assert.rejects(
      planText('diff(t, x, order=5)', dataset),
      /no option "order"; expected diff\(x, dimension, n=integer\)/,
    );
    await assert.rejects(
      planText('diff(t, x, n=1.5)', dataset),
      /"n" of "diff": expected a whole number, found 1.5/,
    );
    await assert.rejects(planText('diff(t)', dataset), /"diff" lacks "dimension"/);
    await assert.rejects(planText('diff(t, x, x)', dataset), /takes 2 arguments/);
  });
});
