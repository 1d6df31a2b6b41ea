import assert from 'node:assert/strict';
import { decodeArray, regularRuns } from '@hyperslab/array';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { cubesOf, inPython, randomVariable, shapes } from './random-variable.ts';

const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

const shapeCase: fc.Arbitrary<OperationCase> = shapes
  .chain((shape) =>
    fc.record({
      x: randomVariable('x', shape),
      order: fc.array(fc.double({ noNaN: true }), { minLength: 6, maxLength: 6 }),
      form: fc.nat({ max: 5 }),
    }),
  )
  .map(({ x, order, form }) => {
    const { dimensions } = x;
    const ranked = dimensions.toSorted((a, b) => order[dimensions.indexOf(a)] - order[dimensions.indexOf(b)]);
    const [first] = ranked;
    const python = inPython(x);
    const cases: [string, string][] = [
      [`transpose(x, ${ranked.join(', ')})`, `${python}.transpose(${list(ranked)})`],
      ['transpose(x)', `${python}.transpose()`],
      [`transpose(x + 1)[${first}=#-1]`, `(${python} + 1).transpose().isel(${first}=-1)`],
      ['expand(x, m=[3, 1, 2])', `${python}.expand_dims(m=3)`],
      [`mean(expand(x, m=7, n=[1, 2])[n=#1:], ${first})`, `${python}.expand_dims(m=1, n=1).mean("${first}")`],
      ['squeeze(x)', `${python}.squeeze()`],
    ];
    const [text, same] = cases[form];
    return { cube: cubesOf(x), text, python: same };
  });

const joinCase: fc.Arbitrary<OperationCase> = shapes
  .filter((shape) => shape.length > 0)
  .chain((shape) =>
    fc.nat().chain((which) => {
      const axis = which % shape.length;
      return fc.record({
        axis: fc.constant(axis),
        x: randomVariable('x', shape),
        y: randomVariable('y', shape),
        length: fc.integer({ min: 1, max: shape[axis] }),
        z: randomVariable('z', shape),
        form: fc.nat({ max: 3 }),
      });
    }),
  )
  .map(({ axis, x, y, z, length, form }) => {
    const along = x.dimensions[axis];
    const [a, b, c] = [x, y, z].map(inPython);
    const cases: [string, string][] = [
      [
        `concat(x, y[${along}=#:#${length}], z, along=${along})`,
        `xr.concat([${a}, ${b}.isel(${along}=slice(${length})), ${c}], "${along}")`,
      ],
      [
        `concat(x, transpose(y), along=${along})[${along}=#-3:]`,
        `xr.concat([${a}, ${b}], "${along}").isel(${along}=slice(-3, None))`,
      ],
      ['stack(z, x, member=[1, 2])', `xr.concat([${c}, ${a}], "member")`],
      ['max(ensemble(x, z, x), realization)', `xr.concat([${a}, ${c}], "member").max("member")`],
    ];
    const [text, python] = cases[form];
    return { cube: cubesOf(x, y, z), text, python };
  });

const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'x'],
    array: numbers('float32', [2, 2], [1, 2, 3, 4]),
    attributes: { units: 'K' },
  },
  {
    name: 'n',
    dimensions: ['time', 'x'],
    array: { dtype: 'int16', shape: [2, 2], values: Int16Array.of(5, 6, 7, 8) },
    chunks: [regularRuns(2, 1), regularRuns(2, 2)],
    attributes: { units: 'K' },
  },
  {
    name: 'k',
    dimensions: ['time', 'x'],
    array: { dtype: 'int16', shape: [2, 2], values: Int16Array.of(5, 6, 7, 8) },
    chunks: [regularRuns(2, 1), regularRuns(2, 2)],
    attributes: { units: 'K' },
  },
  {
    name: 'q',
    dimensions: ['time', 'x'],
    array: numbers('float32', [2, 2], [1, 2, 3, 4]),
    attributes: { units: '1' },
  },
  { name: 'one', dimensions: ['x'], array: numbers('float32', [2], [7, 8]) },
  { name: 'wide', dimensions: ['time', 'x'], array: numbers('float32', [2, 3], [1, 2, 3, 4, 5, 6]) },
  {
    name: 'time',
    dimensions: ['time'],
    array: numbers('int32', [2], [0, 6]),
    attributes: { units: 'hours since 2026-01-01' },
  },
  {
    name: 'days',
    dimensions: ['time'],
    array: numbers('int32', [2], [1, 2]),
    attributes: { units: 'days since 2026-01-01' },
  },
  {
    name: 'time360',
    dimensions: ['time'],
    array: numbers('int32', [2], [7, 8]),
    attributes: { units: 'hours since 2026-01-01', calendar: '360_day' },
  },
  { name: 's', dimensions: ['time', 'x'], array: numbers('float32', [2, 2], [1, 2, 3, 4]) },
  { name: 'x', dimensions: ['x'], array: numbers('float64', [2], [10, 20]) },
  { name: 'realization', dimensions: [], array: numbers('int32', [], [5]) },
];
const axes = ['time', 'x'].map((name) => ({ variable: name, dimensions: [name] }));
const dataset = sampleDataset(variables, {
  t: [...axes, { variable: 'realization', dimensions: [] }],
  q: axes,
  k: axes,
  n: [{ variable: 'days', dimensions: ['time'] }, axes[1]],
  s: [{ variable: 'time360', dimensions: ['time'] }, axes[1]],
  one: [axes[1]],
});

const coordinate = async (text: string, name: string): Promise<number[] | undefined> => {
  const { result } = await planText(text, dataset);
  const where = result!.coordinates.find((each) => each.name === name)?.values?.where;
  return where?.$case === 'inlineValues'
    ? Array.from(decodeArray(where.value).values as Float64Array)
    : undefined;
};

describe('shape of arrays', () => {
  it('changes as in xarray, for every type', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    await assertAgreesWithXarray(shapeCase, { anyType: true, tolerance: 1e-5 });
  });

  it('gets dimensions of scalar coordinates and new ones, and loses those of one index', async () => {
    assert.deepEqual(await coordinate('expand(t, realization)', 'realization'), [5]);
    assert.deepEqual(await coordinate('expand(t[time=#1], time)', 'time'), [6]);
    assert.deepEqual(await coordinate('expand(one, member=[2.5, 4])', 'member'), [2.5, 4]);
    assert.deepEqual(await coordinate('squeeze(expand(one, member=3))', 'member'), [3]);
    assert.deepEqual((await planText('squeeze(t[x=#1:], x)', dataset)).result!.dimensions, ['time']);
  });

  it('refuses what does not fit', async () => {
    const wrong: [string, RegExp][] = [
      ['transpose(t, time)', /"transpose" names time; expected each of time, x once/],
      ['transpose(t, time, x, x)', /expected each of time, x once/],
      ['expand(t)', /"expand" names no dimension/],
      ['expand(t, time)', /"time" is a dimension already/],
      ['expand(t, realization=1)', /make it a dimension by its name alone: expand\(x, realization\)/],
      ['expand(t, x=1)', /"x" is a coordinate already/],
      ['expand(t, m=[])', /"m" has no values/],
      ['squeeze(t, time)', /"time" has 2 indices; expected 1; select one of them first, as time=#0/],
    ];
    for (const [text, message] of wrong) await assert.rejects(planText(text, dataset), message, text);
  });
});

describe('joins', () => {
  it('are those of xarray, for every type', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    await assertAgreesWithXarray(joinCase, { anyType: true, tolerance: 1e-5 });
  });

  it('take the type that holds all, and put coordinates one after the other', async () => {
    const { result } = await planText('concat(t[x=#0:#1], k[x=#1:], along=x)', dataset);
    assert.deepEqual(
      [result!.dtype, result!.units, result!.name],
      ['float32', 'K', 'concat(t[x=#0:#1], k[x=#1:], along=x)'],
    );
    const { values } = await compute('concat(t[x=#0:#1], k[x=#1:], along=x)', dataset, variables);
    assert.deepEqual(values, Float32Array.of(1, 6, 3, 8));
    assert.deepEqual(await coordinate('concat(t, n, along=time)', 'time'), [0, 6, 24, 48]);
    assert.deepEqual(await coordinate('concat(t[time=#:#1], t[time=#1:], along=time)', 'time'), [0, 6]);
    assert.deepEqual(await coordinate('ensemble(q, q, q)', 'realization'), [0, 1, 2]);
    assert.deepEqual(await coordinate('stack(q, q, m=[3, 9])', 'm'), [3, 9]);
  });

  it('refuse what does not fit, and say what would', async () => {
    const wrong: [string, RegExp][] = [
      ['concat(t, q, along=time)', /units "K" \("t"\) and "1" \("q"\); convert one of them first/],
      [
        'concat(t, one, along=time)',
        /have dimensions time, x \("t"\) and x \("one"\).*expand\(x, name=value\)/,
      ],
      ['concat(t, wide, along=time)', /have 2 and 3 along dimension "x"/],
      [
        'concat(t, t, along=time)',
        /"time" of the 2 operands of "concat" does not go on in one direction: 0 follows 6/,
      ],
      ['concat(t[time=#1], t[time=#1], along=time)', /has one value and no dimension/],
      [
        'concat(t, s, along=time)',
        /in "hours since 2026-01-01" and in "hours since 2026-01-01" of calendar 360_day/,
      ],
      ['concat(t, t)', /lacks "along="/],
      ['stack(t, t, m=[1])', /has 2 arrays and 1 values of "m"/],
      ['stack(t, t, m=[1, 1])', /a value of "m" twice/],
      ['ensemble(t, t)', /"realization" of the 2 operands of "ensemble".* 5 comes twice/],
      ['stack(t, t)', /expected one, as stack\(a, b, member=\[1, 2\]\)/],
      ['stack(t, t[time=#0:#1], m=[1, 2])', /have 2 and 1 along dimension "time"/],
    ];
    for (const [text, message] of wrong) await assert.rejects(planText(text, dataset), message, text);
  });
});
