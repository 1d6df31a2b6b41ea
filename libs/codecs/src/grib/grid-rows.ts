import { gribCorrupt } from './grib-error.ts';
import type { ScannedGrid } from './scan-order.ts';
import type { Section } from './section.ts';

const missing16 = 0xffff;
const missing32 = 0xffffffff;
const jConsecutive = 0x20;

/**
 * How many points each row of consecutive points has, from the section that defines the grid. `known` helps where there is
 * none. Throws FORMAT_CORRUPT when they do not make `points`.
 */
export function rowLengths(
  edition: 1 | 2,
  grid: Section | undefined,
  known: ScannedGrid | undefined,
  points: number,
): Uint32Array {
  const rows = grid === undefined ? knownRows(known) : edition === 1 ? rows1(grid) : rows2(grid);
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
function rows1(grid: Section): Uint32Array {
  const ni = grid.uint(7, 2);
  const nj = grid.uint(9, 2);
  if (ni !== missing16) {
    return (grid.uint(28, 1) & jConsecutive) === 0 ? equalRows(nj, ni) : equalRows(ni, nj);
  }
  return listedRows(grid, grid.uint(5, 1) + 4 * grid.uint(4, 1), 2, nj);
}

/** Octets 31 to 38 of templates 3.0 to 3.3, 3.10 to 3.43; the list of reduced rows ends the section. */
function rows2(grid: Section): Uint32Array {
  const ni = grid.uint(31, 4);
  const nj = grid.uint(35, 4);
  if (ni === missing32) {
    const width = grid.uint(11, 1);
    if (width !== 1 && width !== 2 && width !== 4) {
      throw gribCorrupt('row lengths of 1, 2 or 4 octets', String(width));
    }
    return listedRows(grid, grid.length - width * nj + 1, width, nj);
  }
  const flagsOctet =
    grid.uint(13, 2) === 10 ? 60 : grid.uint(13, 2) === 20 || grid.uint(13, 2) === 30 ? 65 : 72;
  return (grid.uint(flagsOctet, 1) & jConsecutive) === 0 ? equalRows(nj, ni) : equalRows(ni, nj);
}

function listedRows(grid: Section, octet: number, width: 1 | 2 | 4, count: number): Uint32Array {
  grid.requireBits(octet, 8 * width * count, 'row lengths');
  return Uint32Array.from({ length: count }, (_, row) => grid.uint(octet + row * width, width));
}

function equalRows(count: number, length: number): Uint32Array {
  return new Uint32Array(count).fill(length);
}
