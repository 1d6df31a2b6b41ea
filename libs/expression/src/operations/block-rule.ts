import type { MaskedArray } from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { DimensionSlice } from '../resolve/slice-node.ts';
import type { Box } from '../task/box.ts';

/** A part of an input that a part of a node is made of. */
export interface Need {
  /** Which of the inputs, from 0. */
  input: number;
  box: Box;
}

/**
 * How a plan node is computed block by block. Parameters are what was written into the plan as JSON; they name dimensions, whose
 * numbers change with selections.
 */
export interface BlockRule<Parameters = never> {
  /**
   * Dimensions of the node that it works along. A selection along another is one of those inputs that have the dimension; the
   * node is the same of less.
   */
  along(parameters: Parameters, node: PlanNode): readonly string[];
  /** The parts of its inputs that a part of it needs; an input may come several times, or not at all. */
  needs(parameters: Parameters, node: PlanNode, inputs: readonly PlanNode[], box: Box): Need[];
  /** A part of it, of the node's type and `box.shape`, from the parts that it needs, in their order. It writes to none of them. */
  compute(
    parameters: Parameters,
    node: PlanNode,
    box: Box,
    parts: readonly MaskedArray[],
    memory: Allocator,
    inputs: readonly PlanNode[],
  ): MaskedArray;
  /** Bytes that it holds to compute a box beside that and the parts of inputs, where that may be much: told before anything is read. */
  holds?(parameters: Parameters, node: PlanNode, inputs: readonly PlanNode[], box: Box): number;
  /**
   * Dimensions of the node that a block should span entirely, because parts cost as much as all. Any part must come out
   * right nevertheless.
   */
  whole?(parameters: Parameters, node: PlanNode): readonly string[];
  /** Dimensions of the node along which a chunk is not cut, because parts of it cost as much. */
  uncut?(parameters: Parameters, node: PlanNode): readonly string[];
  /** Parts that span these dimensions take no more than their part of the time and of the inputs: it may be computed in small ones. */
  inParts?: boolean;
  /** Each element is copied, or computed of the same elements in the same way, whatever box it is in: a part has the bits of the whole. */
  byElement?: boolean;
  /**
   * Parameters and shape of the node for a selection along a dimension that it works along, of inputs that stay as they are;
   * undefined where it has no way of its own: then a part of its values is taken.
   */
  slice?(
    parameters: Parameters,
    node: PlanNode,
    slice: DimensionSlice,
  ): { parameters: Parameters; dimensions: string[]; shape: number[] } | undefined;
}
