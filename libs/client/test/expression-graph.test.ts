import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toExpression, toGraph } from '../src/expression-graph.ts';
import type { LazyNode } from '../src/lazy-node.ts';

const source = (variable: string, dataset = 'run@3'): LazyNode => ({ kind: 'source', dataset, variable });
const call = (name: string, ...args: LazyNode[]): LazyNode => ({
  kind: 'call',
  function: name,
  arguments: args,
});

describe('expression graphs', () => {
  it('sends a node that is used twice once', () => {
    const u = source('u');
    const { nodes } = toGraph(call('*', u, u), 'run@3');
    assert.deepEqual(nodes, [
      { kind: { $case: 'source', value: { dataset: '', variable: 'u' } } },
      { kind: { $case: 'call', value: { function: '*', arguments: [0, 0] } } },
    ]);
  });

  it('names the dataset of a source only where it is another one', () => {
    const { form } = toExpression(call('-', source('t'), source('t', 'other@1')), 'run@3');
    assert.ok(form?.$case === 'graph');
    const datasets = form.value.nodes.flatMap(({ kind }) =>
      kind?.$case === 'source' ? [kind.value.dataset] : [],
    );
    assert.deepEqual(datasets, ['', 'other@1']);
  });

  it('takes chains that are deeper than the call stack', () => {
    let sum = source('t');
    for (let i = 0; i < 20_000; i++) sum = call('+', sum, { kind: 'constant', value: i });
    assert.equal(toGraph(sum, 'run@3').nodes.length, 40_001);
  });

  it('refers to earlier nodes only, whatever the graph', () => {
    const picks = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(picks, (pairs) => {
        const made: LazyNode[] = [source('t')];
        for (const [a, b] of pairs) made.push(call('+', made[a % made.length], made[b % made.length]));
        const { nodes } = toGraph(made[made.length - 1], 'run@3');
        assert.ok(nodes.length <= made.length);
        nodes.forEach(({ kind }, number) => {
          if (kind?.$case !== 'call') return;
          for (const argument of kind.value.arguments) assert.ok(argument < number);
        });
      }),
    );
  });
});
