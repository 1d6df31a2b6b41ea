import type { CellPolygons } from './cell-polygons.ts';
import { squaredChord } from './sphere.ts';

/** Neighbours of cell c are the `indices` from `offsets[c]` to `offsets[c + 1]`. */
export interface Neighbours {
  offsets: Int32Array;
  indices: Int32Array;
}

/** Sums of two corners are in the same slot when they are the same in these units, and of one edge when they are nearer than that. */
const unit = 1e-6;

/**
 * The cells that share an edge with each cell: the same two corners, wherever the cells are in a grid, so that grids go around and
 * fold as they will. Their order is the same in any part of a grid that has them all.
 */
export function edgeNeighbours(polygons: CellPolygons): Neighbours {
  const edges = edgesOf(polygons);
  const others = sharedEdges(edges.sums);
  const isShared = (edge: number) => others[edge] >= 0 && edges.cells[others[edge]] !== edges.cells[edge];
  const offsets = new Int32Array(polygons.count + 1);
  for (let edge = 0; edge < others.length; edge++) {
    if (!isShared(edge)) continue;
    offsets[edges.cells[others[edge]] + 1]++;
    offsets[edges.cells[edge] + 1]++;
  }
  for (let cell = 0; cell < polygons.count; cell++) offsets[cell + 1] += offsets[cell];
  const indices = new Int32Array(offsets[polygons.count]);
  const next = offsets.slice();
  for (let edge = 0; edge < others.length; edge++) {
    if (!isShared(edge)) continue;
    const [first, second] = [edges.cells[others[edge]], edges.cells[edge]];
    indices[next[first]++] = second;
    indices[next[second]++] = first;
  }
  return { offsets, indices };
}

/** Bytes that are held while the neighbours of so many cells of so many corners are found, and these. */
export function neighbourBytes(cells: number, corners: number): number {
  const edges = cells * corners;
  const neighbours = 2 * edges * 4 + 2 * (cells + 1) * 4;
  return edges * (24 + 4 + 4) + 4 * slotsOf(edges) + neighbours;
}

/** The cell of each edge, and the sum of its corners, whichever comes first. */
function edgesOf(polygons: CellPolygons) {
  let count = 0;
  for (let cell = 0; cell < polygons.count; cell++) count += polygons.size(cell);
  const cells = new Int32Array(count);
  const sums = new Float64Array(3 * count);
  let edge = 0;
  for (let cell = 0; cell < polygons.count; cell++) {
    const polygon = polygons.polygon(cell);
    for (let i = 0; i < polygon.length; i += 3) {
      const j = (i + 3) % polygon.length;
      for (let axis = 0; axis < 3; axis++) sums[3 * edge + axis] = polygon[i + axis] + polygon[j + axis];
      cells[edge++] = cell;
    }
  }
  return { cells, sums };
}

/** For each edge the first that is like it; -1 for those that are first. A table of hashes with open addresses: strings as keys take ten times as much. */
function sharedEdges(sums: Float64Array): Int32Array {
  const count = sums.length / 3;
  const slots = slotsOf(count);
  const table = new Int32Array(slots).fill(-1);
  const first = new Int32Array(count).fill(-1);
  const rounded = (at: number) => Math.round(sums[at] / unit);
  for (let edge = 0; edge < count; edge++) {
    const [x, y, z] = [rounded(3 * edge), rounded(3 * edge + 1), rounded(3 * edge + 2)];
    const mixed = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35);
    let slot = (mixed ^ (mixed >>> 15)) & (slots - 1);
    while (table[slot] >= 0 && !(squaredChord(sums, table[slot], sums, edge) <= unit * unit))
      slot = (slot + 1) & (slots - 1);
    if (table[slot] >= 0) first[edge] = table[slot];
    else table[slot] = edge;
  }
  return first;
}

function slotsOf(edges: number): number {
  return 2 ** Math.ceil(Math.log2(2 * edges + 1));
}
