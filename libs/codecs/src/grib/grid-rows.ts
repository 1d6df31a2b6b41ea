import { gribCorrupt } from './grib-error.ts';
import type { ScannedGrid } from './scan-order.ts';
import type { Section } from './section.ts';

const missing16 = 0xffff;
const jConsecutive = 0x20;

/**
 * How many points each row of consecutive points has, from the section that defines the grid. `known` helps where there is
 * none. Throws FORMAT_CORRUPT when they do not make `points`.
 */
export function rowLengths(
  grid: Section | undefined,
  known: ScannedGrid | undefined,
  points: number,
): Uint32Array {
  const rows = grid === undefined ? knownRows(known) : listedOrEqual(grid);
  let total = 0;
  for (const length of rows) total += length;
  if (total !== points) throw gribCorrupt(`rows of ${points} points together`, `rows of ${total}`);
  return rows;
}

function knownRows(known: ScannedGrid | undefined): Uint32Array {
  if (known === undefined) throw gribCorrupt('a grid definition, which says where rows end', 'none');
  const { scan, ni, nj } = known;
  return (scan & jConsecutive) === 0 ? equalRows(nj, ni) : equalRows(ni, nj);
}

/** Octets 7 to 10 and 28 of all grids that GRIB 1 packs by rows; the list of reduced rows follows the vertical coordinates. */
function listedOrEqual(grid: Section): Uint32Array {
  const ni = grid.uint(7, 2);
  const nj = grid.uint(9, 2);
  if (ni !== missing16) {
    return (grid.uint(28, 1) & jConsecutive) === 0 ? equalRows(nj, ni) : equalRows(ni, nj);
  }
  return listedRows(grid, grid.uint(5, 1) + 4 * grid.uint(4, 1), nj);
}

function listedRows(grid: Section, octet: number, count: number): Uint32Array {
  grid.requireBits(octet, 16 * count, 'row lengths');
  return Uint32Array.from({ length: count }, (_, row) => grid.uint(octet + 2 * row, 2));
}

function equalRows(count: number, length: number): Uint32Array {
  return new Uint32Array(count).fill(length);
}
