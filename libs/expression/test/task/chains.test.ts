import assert from 'node:assert/strict';
import { chainOf } from '../../src/task/chains.ts';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const variables: SampleVariable[] = [
  {
    name: 'a',
    dimensions: ['level', 'x'],
    array: numbers('float64', [200, 2], new Array<number>(400).fill(1)),
  },
];
const dataset = sampleDataset(variables, { a: [] });

describe('chains of functions', () => {
  it('are no longer than they may be, however deep an expression is', async () => {
    const terms = Array.from({ length: 200 }, (_, level) => `a[level=#${level}]`);
    const { nodes } = await planText(terms.join(' + '), dataset, {});
    const root = { node: nodes.length - 1, box: { origin: [0], shape: [2] } };
    const chain = chainOf(nodes, root, () => false)!;
    assert.equal(chain.steps.length, 32);
    // What is left is an operand.
    assert.equal(chain.operands.length, 33);
  });
});
