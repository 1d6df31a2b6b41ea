import type { NumericType } from '@hyperslab/array';
import { reductionKind } from '@hyperslab/kernels';
import type { PlanNode, PlanReduce } from '@hyperslab/proto/expression';
import type { Geometry } from './stage-geometry.ts';

/**
 * The geometry of what a reduction takes in, with what it holds until its end: a block is not to take more memory for that
 * than for what is read. Of what is reduced a block has all, if parts of it are no smaller when they are reduced.
 */
export function heldGeometry(
  { operation, axes, parameters }: PlanReduce,
  input: PlanNode,
  geometry: Geometry,
): Geometry {
  const { cellBytes, holdsAll } = reductionKind(operation);
  if (cellBytes === undefined) return geometry;
  const product = (extents: readonly number[], reduced: boolean) =>
    extents.reduce((all, extent, axis) => (axes.includes(axis) === reduced ? all * extent : all), 1);
  const total = product(input.shape, true);
  const each = cellBytes(input.dtype as NumericType, total, parameters === '' ? {} : JSON.parse(parameters));
  return {
    ...geometry,
    bytes: (extents) => Math.max(geometry.bytes(extents), each * product(extents, false)),
    whole: holdsAll ? [...new Set([...geometry.whole, ...axes])] : geometry.whole,
  };
}
