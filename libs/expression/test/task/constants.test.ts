import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { ordinaryMemory } from '@hyperslab/kernels';
import { constantPart, isConstant } from '../../src/task/constants.ts';
import { preparePlan } from '../../src/task/prepared-plan.ts';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const latitudes = [10, 20, 30, 40];
const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['y', 'x'],
    array: numbers('float32', [4, 3], [...Array(12).keys()]),
    chunks: [regularRuns(4, 2), regularRuns(3, 3)],
  },
  { name: 'y', dimensions: ['y'], array: numbers('float64', [4], latitudes) },
  {
    name: 'names',
    dimensions: ['y'],
    array: { dtype: 'string', shape: [4], values: ['a', 'b', 'c', 'd'] },
  },
];
const dataset = sampleDataset(variables, { t: [{ variable: 'y', dimensions: ['y'] }] });

/** The plan of an expression, prepared, and its nodes that are constant, of those that are no literals. */
async function constantsOf(text: string) {
  const prepared = preparePlan(await planText(text, dataset));
  const numbers = prepared.plan.nodes.map((_, number) => number);
  return { prepared, constant: numbers.filter((number) => isConstant(prepared, number)) };
}

describe('constants of a plan', () => {
  it('are what is made of coordinates and literals alone, of numbers', async () => {
    const { prepared, constant } = await constantsOf('t * cos(y * 2)');
    const functions = constant.map((number) => {
      const { kind } = prepared.plan.nodes[number];
      return kind?.$case === 'call' ? kind.value.function : kind?.$case;
    });
    assert.deepEqual(functions.sort(), ['*', 'cos', 'read']);
    assert.deepEqual((await constantsOf('names')).constant, []);
  });

  it('are the same in every part', async () => {
    const { prepared } = await constantsOf('t * cos(y * 2)');
    const node = prepared.plan.nodes.findIndex(
      ({ kind }) => kind?.$case === 'call' && kind.value.function === 'cos',
    );
    for (const [start, count] of [
      [1, 2],
      [0, 4],
      [3, 1],
    ]) {
      const part = constantPart(prepared, { node, box: { origin: [start], shape: [count] } }, ordinaryMemory);
      const expected = latitudes.slice(start, start + count).map((latitude) => Math.cos(latitude * 2));
      assert.deepEqual([...part.values], expected);
    }
  });

  it('have so many elements together at most, and what has no room is none', async () => {
    const long = Array.from({ length: 60_000 }, (_, i) => i);
    const set = sampleDataset([{ name: 'x', dimensions: ['x'], array: numbers('float64', [60_000], long) }]);
    const prepared = preparePlan(await planText('sqrt(x) + abs(x)', set));
    const constant = prepared.plan.nodes.filter((_, number) => isConstant(prepared, number));
    assert.equal(constant.length, 2);
  });
});
