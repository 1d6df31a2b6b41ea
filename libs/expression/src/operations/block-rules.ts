import { HyperslabError } from '@hyperslab/errors';
import type { PlanOperation } from '@hyperslab/proto/expression';
import type { BlockRule } from './block-rule.ts';
import { castRule } from './cast/rule.ts';
import { columnsRule } from './columns/rule.ts';
import { cumulateRule } from './cumulate/rule.ts';
import { diffRule } from './diff/rule.ts';
import { expandRule } from './expand/rule.ts';
import { interpolateRule } from './interpolate/rule.ts';
import { lookupRule } from './lookup/rule.ts';
import { partRule } from './part/rule.ts';
import { reduceHereRule } from './reduce-here/rule.ts';
import { regridRule } from './regrid/rule.ts';
import { secondOrderRule } from './regrid/second-order-rule.ts';
import { rollingRule } from './rolling/rule.ts';
import { takeRule } from './take/rule.ts';
import { timePartRule } from './time-part/rule.ts';
import { transposeRule } from './transpose/rule.ts';

/** How plan nodes of operations are computed, by the name that a plan has for them. */
const rules: ReadonlyMap<string, BlockRule<unknown>> = new Map(
  Object.entries({
    columns: columnsRule,
    cumulate: cumulateRule,
    diff: diffRule,
    interpolate: interpolateRule,
    lookup: lookupRule,
    part: partRule,
    rolling: rollingRule,
    'reduce-here': reduceHereRule,
    cast: castRule,
    expand: expandRule,
    regrid: regridRule,
    'regrid-second-order': secondOrderRule,
    take: takeRule,
    'time-part': timePartRule,
    transpose: transposeRule,
  }) as [string, BlockRule<unknown>][],
);

/** Names of all operations that a plan may have. */
export const operationNames: readonly string[] = [...rules.keys()];

/** Whether an operation of that name may hold much beside inputs and values. */
export function holdsMuch(name: string): boolean {
  return rules.get(name)?.holds !== undefined;
}

const parsed = new WeakMap<PlanOperation, { rule: BlockRule<unknown>; parameters: unknown }>();

/** The rule of a plan node with its parameters. Throws INTERNAL for one that there is not: a plan of ours has no other. */
export function ruleOf(operation: PlanOperation): { rule: BlockRule<unknown>; parameters: unknown } {
  let known = parsed.get(operation);
  if (known === undefined) {
    const rule = rules.get(operation.name);
    if (rule === undefined)
      throw new HyperslabError(
        'INTERNAL',
        `plan has the operation "${operation.name}", which is not known here`,
      );
    known = { rule, parameters: JSON.parse(operation.parameters || 'null') };
    parsed.set(operation, known);
  }
  return known;
}
