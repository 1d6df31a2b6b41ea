import { cellSpan, type RunLengths } from '@hyperslab/array';
import { type Box, combinations, intersectBoxes, touchedCells } from './box.ts';

/** Where a grid cuts a block, its parts: boxes of the node, in row-major order. */
export function partsOfBlock(block: Box, partGrid: readonly RunLengths[]): Box[] {
  return [...combinations(cellsAlong(block, partGrid))].map((cells) => partOfBlock(block, partGrid, cells));
}

/** The parts of a block that hold some of a box: their numbers among all of the block, and where each lies in the node. */
export function partsWithin(
  block: Box,
  partGrid: readonly RunLengths[],
  box: Box,
): { part: number; place: Box }[] {
  const wanted = intersectBoxes(block, box);
  if (wanted === undefined) return [];
  const all = cellsAlong(block, partGrid);
  return [...combinations(cellsAlong(wanted, partGrid))].map((cells) => ({
    part: cells.reduce((number, cell, axis) => number * all[axis].length + cell - all[axis][0], 0),
    place: partOfBlock(block, partGrid, cells),
  }));
}

function cellsAlong({ origin, shape }: Box, partGrid: readonly RunLengths[]): number[][] {
  return partGrid.map((runs, axis) => touchedCells(runs, origin[axis], shape[axis]));
}

function partOfBlock(block: Box, partGrid: readonly RunLengths[], cells: readonly number[]): Box {
  const spans = partGrid.map((runs, axis) => cellSpan(runs, cells[axis]));
  const cell = { origin: spans.map(({ start }) => start), shape: spans.map(({ size }) => size) };
  return intersectBoxes(block, cell)!;
}
