import assert from 'node:assert/strict';
import { rollingNames } from '@hyperslab/kernels';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { cubesOf, inPython, randomVariable, shapes } from './random-variable.ts';

const rollingCase: fc.Arbitrary<OperationCase> = shapes
  .chain((shape) =>
    fc.record({
      x: randomVariable('x', shape),
      which: fc.nat(),
      long: fc.nat(),
      few: fc.nat(),
      center: fc.boolean(),
      operation: fc.constantFrom(...rollingNames),
      part: fc.boolean(),
    }),
  )
  .map(({ x, which, long, few, center, operation, part }) => {
    const axis = which % x.dimensions.length;
    const dimension = x.dimensions[axis];
    const size = 1 + (long % x.array.shape[axis]);
    const least = 1 + (few % size);
    // A count is there for few values, too.
    const [periods, end] = operation === 'count' ? [1, '.fillna(0)'] : [least, ''];
    const window = `{"${dimension}": ${size}}, center=${center ? 'True' : 'False'}, min_periods=${periods}`;
    const text = `rolling(x, ${operation}, ${dimension}=${size}, center=${center}, min_periods=${least})`;
    const python = `${inPython(x)}.rolling(${window}).${operation}()${end}`;
    if (!part) return { cube: cubesOf(x), text, python };
    return {
      cube: cubesOf(x),
      text: `${text}[${dimension}=#-1]`,
      python: `${python}.isel(${dimension}=-1)`,
    };
  });

const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['x'],
    array: numbers('int32', [5], [1, 4, 9, 16, 25]),
    attributes: { units: 'K' },
  },
  { name: 'x', dimensions: ['x'], array: numbers('float64', [5], [0, 1, 2, 3, 4]) },
];
const dataset = sampleDataset(variables, { t: [{ variable: 'x', dimensions: ['x'] }] });

describe('rolling', () => {
  it('agrees with xarray, for every type', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    await assertAgreesWithXarray(rollingCase, { anyType: true });
  });

  it('keeps types, units and coordinates', async () => {
    const { result } = await planText('rolling(t, var, x=2)', dataset);
    assert.deepEqual([result!.dtype, result!.units, result!.coordinates.length], ['float64', 'K2', 1]);
    const sum = await compute('rolling(t, sum, x=2)', dataset, variables);
    assert.deepEqual([sum.dtype, ...(sum.values as BigInt64Array)].slice(2), [5n, 13n, 25n, 41n]);
    assert.deepEqual([...sum.mask!], [1, 0, 0, 0, 0]);
  });

  it('adds 64-bit integers exactly', async () => {
    const wide: SampleVariable = {
      name: 'w',
      dimensions: ['x'],
      array: { dtype: 'int64', shape: [3], values: BigInt64Array.of(2n ** 60n, 1n, 2n) },
    };
    const { values } = await compute('rolling(w, sum, x=2, min_periods=1)', sampleDataset([wide]), [wide]);
    assert.deepEqual(values, BigInt64Array.of(2n ** 60n, 2n ** 60n + 1n, 3n));
  });

  it('refuses windows that there are not', async () => {
    const wrong: [string, RegExp][] = [
      ['rolling(t, mean)', /expected one, as rolling\(t, mean, time=5\)/],
      ['rolling(t, mean, x=6)', /x=6 of "rolling": expected 1 to 5/],
      ['rolling(t, mean, x=0)', /x=0 of "rolling": expected 1 to 5/],
      ['rolling(t, mean, y=2)', /"y" is no dimension/],
      ['rolling(t, mean, x=3, min_periods=4)', /min_periods=4 of "rolling": expected 1 to 3/],
      ['rolling(t, mode, x=3)', /"operation" of "rolling": expected mean or sum/],
      ['rolling(t, mean, x=3, center=yes)', /"center" of "rolling": expected true or false/],
    ];
    for (const [text, message] of wrong) await assert.rejects(planText(text, dataset), message, text);
    const empty = sampleDataset([{ name: 't', dimensions: ['x'], array: numbers('float64', [0], []) }]);
    const said = /"rolling" along "x": no window has room; it is 0 long/;
    await assert.rejects(planText('rolling(t, mean, x=1)', empty), said);
  });
});
