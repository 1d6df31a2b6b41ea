import assert from 'node:assert/strict';
import type { ExpressionNode } from '@hyperslab/proto/expression';
import { expressionTitle, parseExpression } from '../../src/index.ts';

describe('expressionTitle', () => {
  it('is the text of a graph, or a short name where sharing makes the text too long', () => {
    assert.equal(expressionTitle(parseExpression('mean( t )')), 'mean(t)');
    const nodes: ExpressionNode[] = [
      { kind: { $case: 'source', value: { dataset: '', variable: 't' } } },
      ...Array.from({ length: 40 }, (_, i): ExpressionNode => {
        return { kind: { $case: 'call', value: { function: '+', arguments: [i, i] } } };
      }),
    ];
    assert.equal(expressionTitle({ nodes }), 'expression');
  });
});
