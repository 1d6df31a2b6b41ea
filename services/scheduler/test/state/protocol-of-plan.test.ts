import assert from 'node:assert/strict';
import { Plan } from '@hyperslab/proto/expression';
import { protocolOfPlan } from '../../src/state/protocol-of-plan.ts';

describe('the protocol that a plan needs', () => {
  const withOperation = (name: string, parameters: unknown) =>
    Plan.fromPartial({
      nodes: [{ kind: { $case: 'operation', value: { name, parameters: JSON.stringify(parameters) } } }],
    });

  it('is that of its newest operation', () => {
    assert.equal(protocolOfPlan(Plan.fromPartial({})), 1);
    assert.equal(protocolOfPlan(withOperation('regrid', {})), 4);
    assert.equal(protocolOfPlan(withOperation('cumulate', { operation: 'sum' })), 4);
    assert.equal(protocolOfPlan(withOperation('cumulate', { operation: 'prod' })), 7);
    assert.equal(protocolOfPlan(withOperation('regrid-second-order', {})), 7);
  });
});
