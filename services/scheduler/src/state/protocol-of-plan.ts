import type { CallNode, Plan, PlanNode, PlanOperation, PlanReduce } from '@hyperslab/proto/expression';
import {
  exchangesSince,
  maskingSince,
  operationsSince,
  outputsSince,
  productsSince,
  protocolVersions,
  readsPersistedSince,
} from '@hyperslab/rpc';
import { knownSince } from './known-since.ts';

/** The oldest version of the protocol whose workers can compute a plan. */
export function protocolOfPlan({ sources, nodes, output }: Plan): number {
  const ofSources = sources.some(({ persisted }) => persisted !== undefined)
    ? readsPersistedSince
    : protocolVersions.oldest;
  const ofOutput = output === undefined ? protocolVersions.oldest : outputsSince;
  return nodes.reduce((most, node) => Math.max(most, protocolOfNode(node)), Math.max(ofSources, ofOutput));
}

function protocolOfNode({ kind }: PlanNode): number {
  if (kind?.$case === 'exchange') return exchangesSince;
  if (kind?.$case === 'call') return protocolOfCall(kind.value);
  if (kind?.$case === 'operation') return protocolOfOperation(kind.value);
  return kind?.$case === 'reduce' ? protocolOfReduction(kind.value) : protocolVersions.oldest;
}

function protocolOfCall({ function: name, arguments: { length } }: CallNode): number {
  return name === 'where' && length === 2 ? maskingSince : versionOf('functions', name);
}

function protocolOfOperation({ name, parameters }: PlanOperation): number {
  const own = versionOf('operations', name);
  if (name === 'reduce-here') return Math.max(own, versionOf('reductions', JSON.parse(parameters).operation));
  return name === 'cumulate' && JSON.parse(parameters).operation === 'prod' ? productsSince : own;
}

function protocolOfReduction({ operation, others, parameters, groupings }: PlanReduce): number {
  // Places of extremes.
  if (operation.startsWith('arg') && groupings.length > 0) return productsSince;
  const isPlain = parameters === '' && others.length + groupings.length === 0;
  return Math.max(versionOf('reductions', operation), isPlain ? protocolVersions.oldest : operationsSince);
}

function versionOf(kind: keyof typeof knownSince, name: string): number {
  return knownSince[kind].get(name) ?? protocolVersions.newest;
}
