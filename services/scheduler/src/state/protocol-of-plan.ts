import type { Plan, PlanNode } from '@hyperslab/proto/expression';
import {
  exchangesSince,
  operationsSince,
  outputsSince,
  productsSince,
  protocolVersions,
  readsPersistedSince,
} from '@hyperslab/rpc';

/** Reductions that all workers know. */
const plainReductions = new Set(['mean', 'sum', 'min', 'max', 'std', 'var', 'count']);

/** The oldest version of the protocol whose workers can compute a plan. */
export function protocolOfPlan({ sources, nodes, output }: Plan): number {
  if (nodes.some(({ kind }) => kind?.$case === 'exchange')) return exchangesSince;
  if (nodes.some(isNewest)) return productsSince;
  if (sources.some(({ persisted }) => persisted !== undefined)) return readsPersistedSince;
  if (output !== undefined) return outputsSince;
  return nodes.some(isNew) ? operationsSince : protocolVersions.oldest;
}

/** Products, second-order regriddings, and places in groups. */
function isNewest({ kind }: PlanNode): boolean {
  if (kind?.$case === 'operation') {
    const { name, parameters } = kind.value;
    return (
      name === 'regrid-second-order' || (name === 'cumulate' && JSON.parse(parameters).operation === 'prod')
    );
  }
  if (kind?.$case !== 'reduce') return false;
  const { operation, groupings } = kind.value;
  return operation === 'prod' || (operation.startsWith('arg') && groupings.length > 0);
}

function isNew({ kind }: PlanNode): boolean {
  if (kind?.$case === 'operation') return true;
  if (kind?.$case !== 'reduce') return false;
  const { operation, others, parameters, groupings } = kind.value;
  return !plainReductions.has(operation) || parameters !== '' || others.length + groupings.length > 0;
}
