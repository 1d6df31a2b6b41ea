import { isFloat, type NumberArray } from '@hyperslab/array';
import { gatherRowsByKernel } from '../wasm/gather-weighted.ts';
import type { Float } from '../wasm/kernels.ts';
import { walkLines } from './walk-lines.ts';
import { placesOf, type TilePlace } from './walk-tile.ts';

/** Of each cell: sums of weights and of weight times value, and what was met (1 NaN alone, 2 a number). */
export interface WeightedSums {
  weights: Float64Array;
  firsts: Float64Array;
  met: Uint8Array;
}

/**
 * Adds a tile whose rows weigh one number each, as those of a map by their latitude: the rows of a cell at once, in the order and with the bits of
 * adding them one by one. False, and nothing done, for other tiles, where something is missing, for weights that are no finite numbers, and where
 * there is no kernel.
 */
export function addWeightedRows(place: TilePlace, { weights, firsts, met }: WeightedSums): boolean {
  const { tile, others, axes } = place;
  const inner = tile.shape.length - 1;
  const row = inner - 1;
  if (!axes.includes(inner) || !axes.includes(row) || !isFloat(tile.dtype)) return false;
  const length = tile.shape[inner];
  // Where no weight varies from row to row, all of them are one line.
  const areRows = length > 1 && tile.shape[row] > 1 && others.some((other) => other.axes.includes(row));
  if (!areRows || tile.mask !== undefined || !others.every((other) => isOfRows(other, inner))) return false;
  const values = others.map(({ array }) => array.values as NumberArray);
  const { strides, starts } = placesOf(place);
  const outer = strides.map((steps) => steps.slice(0, inner));
  let isDone = true;
  walkLines(tile.shape.slice(0, inner), outer, starts, (at, step, rows) => {
    if (!isDone) return;
    const factors = new Float64Array(rows).fill(1);
    for (const [i, each] of values.entries())
      for (let number = 0; number < rows; number++) factors[number] *= each[at[i + 2] + number * step[i + 2]];
    const cell = at[1];
    const sums = Float64Array.of(firsts[cell], weights[cell]);
    const line = { x: tile.values as NumberArray, at: at[0], length, factors };
    // It is so for all lines, or none.
    const found = gatherRowsByKernel(tile.dtype as Float, line, sums);
    if (found === undefined) isDone = false;
    else {
      [firsts[cell], weights[cell]] = sums;
      met[cell] = Math.max(met[cell], found);
    }
  });
  return isDone;
}

function isOfRows({ array, axes }: TilePlace['others'][number], inner: number): boolean {
  return (
    !axes.includes(inner) && array.mask === undefined && (array.values as NumberArray).every(Number.isFinite)
  );
}
