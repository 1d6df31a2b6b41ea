import assert from 'node:assert/strict';
import { Dataset } from '@hyperslab/proto/cube';
import type { ExpressionNode } from '@hyperslab/proto/expression';
import { type Named, resolveExpression } from '../../src/submit/resolve-expression.ts';

const dataset = Dataset.fromPartial({
  name: 'run',
  version: 3,
  variables: [{ name: 't', dtype: 'float64', dimensions: ['x'], shape: [2] }],
});
const named: Named = {
  datasets: { get: async () => dataset, readCoordinate: async () => assert.fail('it has none') },
  results: { get: async () => assert.fail('none is persisted') },
};

describe('resolving an expression', () => {
  it('takes a graph that shares so much that its text would be too long', async () => {
    const nodes: ExpressionNode[] = [
      { kind: { $case: 'source', value: { dataset: '', variable: 't' } } },
      ...Array.from({ length: 40 }, (_, i): ExpressionNode => {
        return { kind: { $case: 'call', value: { function: '+', arguments: [i, i] } } };
      }),
    ];
    const expression = { dataset: 'run', form: { $case: 'graph' as const, value: { nodes } } };
    const { text, resolved } = await resolveExpression(named, expression, {}, new AbortController().signal);
    assert.equal(text, 'expression');
    assert.equal(resolved.nodes.length, 41);
  });
});
