import assert from 'node:assert/strict';
import { planNames } from '@hyperslab/expression/plan-names';
import { Plan } from '@hyperslab/proto/expression';
import { protocolVersions } from '@hyperslab/rpc';
import { knownSince } from '../../src/state/known-since.ts';
import { protocolOfPlan } from '../../src/state/protocol-of-plan.ts';

describe('the protocol that a plan needs', () => {
  const withOperation = (name: string, parameters: unknown) =>
    Plan.fromPartial({
      nodes: [{ kind: { $case: 'operation', value: { name, parameters: JSON.stringify(parameters) } } }],
    });
  const withFunction = (name: string, inputs: number[] = []) =>
    Plan.fromPartial({ nodes: [{ kind: { $case: 'call', value: { function: name, arguments: inputs } } }] });

  it('is that of its newest operation', () => {
    assert.equal(protocolOfPlan(Plan.fromPartial({})), 1);
    assert.equal(protocolOfPlan(withFunction('sqrt')), 1);
    assert.equal(protocolOfPlan(withOperation('regrid', {})), 4);
    assert.equal(protocolOfPlan(withOperation('cumulate', { operation: 'sum' })), 4);
    assert.equal(protocolOfPlan(withOperation('cumulate', { operation: 'prod' })), 7);
    assert.equal(protocolOfPlan(withOperation('regrid-second-order', {})), 7);
  });

  it('is that of a function with as many arguments', () => {
    assert.equal(protocolOfPlan(withFunction('where', [0, 1, 2])), 1);
    assert.equal(protocolOfPlan(withFunction('where', [0, 1])), 8);
    assert.equal(protocolOfPlan(withFunction('fill_missing', [0, 1])), 8);
  });

  it('is that of a reduction which is computed with what takes it in', () => {
    assert.equal(protocolOfPlan(withOperation('reduce-here', { operation: 'mean' })), 4);
    assert.equal(protocolOfPlan(withOperation('reduce-here', { operation: 'prod' })), 7);
  });

  it('is the newest for a name that is not listed', () => {
    assert.equal(protocolOfPlan(withFunction('none')), protocolVersions.newest);
  });

  it('is listed for each name that workers know, and for no other', () => {
    for (const [kind, names] of Object.entries(planNames))
      assert.deepEqual([...knownSince[kind as keyof typeof planNames].keys()].sort(), names.toSorted());
  });

  it('brings no name to workers that were released before it', () => {
    const versions = Object.values(knownSince).flatMap((names) => [...names.values()]);
    const counts = new Map(
      [...Map.groupBy(versions, (version) => version)].map(([v, all]) => [v, all.length]),
    );
    // Who adds a name adds a version and its row here; these stay as they are.
    assert.deepEqual(Object.fromEntries(counts), { 1: 41, 4: 32, 7: 2, 8: 2 });
  });
});
