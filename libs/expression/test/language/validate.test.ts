import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { ExpressionGraph, ExpressionNode, Selector } from '@hyperslab/proto/expression';
import { formatExpression, parseExpression, validateGraph } from '../../src/index.ts';

describe('validateGraph', () => {
  it('does not quote long names at length', () => {
    const long = 'x'.repeat(60_000);
    const source: ExpressionNode['kind'] = { $case: 'source', value: { dataset: '', variable: 't' } };
    const select = (by: Selector['by']): ExpressionNode['kind'] => ({
      $case: 'select',
      value: { input: 0, selectors: [{ name: long, by }] },
    });
    const refused = [
      () => parseExpression(`t ${long}`),
      () => parseExpression(`${long}(t)`),
      ...[
        select(undefined),
        select({ $case: 'index', value: 0.5 }),
        { $case: 'call' as const, value: { function: long, arguments: [0] } },
        { $case: 'reduce' as const, value: { operation: long, input: 0, dimensions: [] } },
      ].map((kind) => () => validateGraph({ nodes: [{ kind: source }, { kind }] })),
    ];
    for (const body of refused) {
      assert.throws(body, (error) => {
        assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
        assert.ok(error.message.length < 700 && error.message.includes('x…"'), error.message.slice(0, 700));
        assert.ok(JSON.stringify(error.details).length < 300, 'short details');
        return true;
      });
    }
  });

  const graph = (...kinds: ExpressionNode['kind'][]): ExpressionGraph => ({
    nodes: kinds.map((kind) => ({ kind })),
  });
  const t: ExpressionNode['kind'] = { $case: 'source', value: { dataset: '', variable: 't' } };

  it('refuses what no text could mean', () => {
    validateGraph(graph(t, { $case: 'reduce', value: { operation: 'median', input: 0, dimensions: [] } }));
    const wrong: [ExpressionGraph, RegExp][] = [
      [graph(), /0 nodes/],
      [graph(undefined), /no known kind/],
      [graph({ $case: 'call', value: { function: 'sqrt', arguments: [0] } }), /refers to node 0/],
      [
        graph(t, { $case: 'call', value: { function: 'sqrt', arguments: [0, 0] } }),
        /2 arguments; expected 1/,
      ],
      [
        graph(t, { $case: 'call', value: { function: 'where', arguments: [0] } }),
        /1 arguments; expected 2 or 3/,
      ],
      [graph(t, { $case: 'call', value: { function: 'rm', arguments: [0] } }), /"rm" is unknown/],
      [
        graph(t, { $case: 'reduce', value: { operation: 'mode', input: 0, dimensions: [] } }),
        /"mode" is unknown/,
      ],
      [graph({ $case: 'constant', value: Number.NaN }), /finite number/],
      [graph(t, { $case: 'select', value: { input: 0, selectors: [] } }), /selects by nothing/],
      [
        graph(t, { $case: 'select', value: { input: 0, selectors: [{ name: 'x', by: undefined }] } }),
        /not by what/,
      ],
      [
        graph(t, {
          $case: 'select',
          value: { input: 0, selectors: [{ name: 'x', by: { $case: 'index', value: 1.5 } }] },
        }),
        /whole numbers/,
      ],
      ...(
        [
          [{ $case: 'indexList', value: { indices: [] } }, /lists 0 values/],
          [{ $case: 'valueList', value: { values: Array(70_000).fill('1') } }, /lists 70000 values/],
          [
            { $case: 'nearest', value: { values: ['1', '2'], within: undefined, keepsDimension: false } },
            /drops its dimension/,
          ],
          [{ $case: 'nearest', value: { values: ['1'], within: -1, keepsDimension: false } }, /within -1/],
          [{ $case: 'mask', value: 1 }, /refers to node 1/],
        ] as [Selector['by'], RegExp][]
      ).map(([by, message]): [ExpressionGraph, RegExp] => [
        graph(t, { $case: 'select', value: { input: 0, selectors: [{ name: 'x', by }] } }),
        message,
      ]),
      ...(['week', 'month'] as const).map((component): [ExpressionGraph, RegExp] => [
        graph(t, {
          $case: 'select',
          value: { input: 0, selectors: [{ name: 'x', component, by: { $case: 'index', value: 0 } }] },
        }),
        component === 'week' ? /"week" is no part of a time/ : /is selected by values/,
      ]),
      [graph({ $case: 'source', value: { dataset: '', variable: '' } }), /names no variable/],
    ];
    for (const [each, message] of wrong) assert.throws(() => validateGraph(each), message);
  });

  it('refuses to write a shared graph out when it grows beyond bounds', () => {
    const nodes: ExpressionNode[] = [{ kind: t }];
    for (let i = 0; i < 100; i++)
      nodes.push({ kind: { $case: 'call', value: { function: '+', arguments: [i, i] } } });
    validateGraph({ nodes });
    assert.throws(() => formatExpression({ nodes }), /longer than 65536/);
  });
});
