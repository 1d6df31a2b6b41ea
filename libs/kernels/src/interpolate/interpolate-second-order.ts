import type { MaskedArray } from '@hyperslab/array';
import { applyRows, finishRows, type RowLayout, type WeightedSums, weightedValues } from './apply-rows.ts';
import { interpolatedFloat, layOut } from './interpolate.ts';
import type { SecondOrderRows } from './second-order-rows.ts';
import type { SparseRows } from './sparse-rows.ts';

/**
 * As `interpolateTogether`, of planes in the place of means. A cell next to one that is missing is taken as even: its values
 * further off may not be told. Targets may have values beyond those of the source.
 */
export function interpolateSecondOrder(
  array: MaskedArray,
  axes: readonly number[],
  { areas, offCentre, gradients }: SecondOrderRows,
  targets: readonly number[],
  tolerated: number,
): MaskedArray {
  const { moved, layout, shape } = layOut(array, axes, targets);
  const source = weightedValues(moved, [areas]);
  const sums = applyRows(source, layout, areas);
  offCentre.forEach((rows, along) => {
    const slopes = gradientsOf(source, layout, gradients[along]);
    const { values } = applyRows({ values: slopes }, layout, rows);
    for (let i = 0; i < values.length; i++) sums.values[i] += values[i];
  });
  return finishRows(sums, interpolatedFloat(array), shape, tolerated);
}

/** Gradients of all cells along one of their tangents, 0 where any of a row's cells is missing. */
function gradientsOf({ values, covered }: WeightedSums, layout: RowLayout, rows: SparseRows): Float64Array {
  const slopes = applyRows({ values }, layout, rows).values as Float64Array;
  if (covered === undefined) return slopes;
  const { outer, extent, inner } = layout;
  const ones = { ...rows, weights: new Float64Array(rows.indices.length).fill(1) };
  const present = applyRows({ values: covered }, layout, ones).values;
  for (let o = 0; o < outer; o++) {
    for (let cell = 0; cell < extent; cell++) {
      const expected = rows.offsets[cell + 1] - rows.offsets[cell];
      const from = (o * extent + cell) * inner;
      for (let i = from; i < from + inner; i++) if (present[i] < expected) slopes[i] = 0;
    }
  }
  return slopes;
}
