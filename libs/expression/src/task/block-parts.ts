import { cellCount, cellSpan, type RunLengths } from '@hyperslab/array';
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

/** How many parts a block has. */
export function partCount(block: Box, partGrid: readonly RunLengths[]): number {
  return cellsAlong(block, partGrid).reduce((count, cells) => count * cells.length, 1);
}

/** Parts of all blocks of a grid. */
export function partsOfGrid(blockGrid: readonly RunLengths[], partGrid: readonly RunLengths[]): number {
  return blockGrid.reduce((product, blocks, axis) => {
    // Each border of either grid begins a part; those that both have begin one only.
    let parts = 0;
    for (let cell = 0; cell < cellCount(blocks); cell++) {
      const { start, size } = cellSpan(blocks, cell);
      parts += touchedCells(partGrid[axis], start, size).length;
    }
    return product * parts;
  }, 1);
}

function cellsAlong({ origin, shape }: Box, partGrid: readonly RunLengths[]): number[][] {
  return partGrid.map((runs, axis) => touchedCells(runs, origin[axis], shape[axis]));
}

function partOfBlock(block: Box, partGrid: readonly RunLengths[], cells: readonly number[]): Box {
  const spans = partGrid.map((runs, axis) => cellSpan(runs, cells[axis]));
  const cell = { origin: spans.map(({ start }) => start), shape: spans.map(({ size }) => size) };
  return intersectBoxes(block, cell)!;
}
