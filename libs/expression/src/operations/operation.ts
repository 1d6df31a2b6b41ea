import type { PlanSource } from '@hyperslab/proto/expression';
import type { ReadVariable } from '../resolve/coordinate-data.ts';
import type { Field } from '../resolve/field.ts';
import type { NodeTable } from '../resolve/node-table.ts';
import type { Arguments } from './arguments.ts';

/** What an operation is resolved with. */
export interface InferContext {
  /** The plan's nodes, to which an operation adds its own. */
  table: NodeTable;
  /** The plan's sources; see `addArray`. */
  sources: PlanSource[];
  /** Reads a whole coordinate whose values are not inline. */
  read?: ReadVariable;
}

/**
 * What an operation makes of its arguments: it adds the nodes that compute it and answers the field of the last: units, names,
 * coordinates. Throws EXPRESSION_INVALID for arguments that do not fit, with what would.
 */
export type Infer = (context: InferContext, given: Arguments) => Promise<Field>;
