import assert from 'node:assert/strict';
import { Dataset } from '@hyperslab/proto/cube';
import type { ExpressionNode } from '@hyperslab/proto/expression';
import type { CatalogDatasets } from '../../src/submit/catalog-datasets.ts';
import { resolveExpression } from '../../src/submit/resolve-expression.ts';

const dataset = Dataset.fromPartial({
  name: 'run',
  version: 3,
  variables: [{ name: 't', dtype: 'float64', dimensions: ['x'], shape: [2] }],
});
const datasets = { get: async () => dataset } as unknown as CatalogDatasets;

describe('resolving an expression', () => {
  it('takes a graph that shares so much that its text would be too long', async () => {
    const nodes: ExpressionNode[] = [
      { kind: { $case: 'source', value: { dataset: '', variable: 't' } } },
      ...Array.from({ length: 40 }, (_, i): ExpressionNode => {
        return { kind: { $case: 'call', value: { function: '+', arguments: [i, i] } } };
      }),
    ];
    const expression = { dataset: 'run', form: { $case: 'graph' as const, value: { nodes } } };
    const { text, resolved } = await resolveExpression(
      datasets,
      expression,
      {},
      new AbortController().signal,
    );
    assert.equal(text, 'expression');
    assert.equal(resolved.nodes.length, 41);
  });
});
