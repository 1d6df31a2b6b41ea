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
export function edgeNeighbours(polygons: readonly (readonly number[])[]): Neighbours {
  const edges = edgesOf(polygons);
  const first: number[] = [];
  const second: number[] = [];
  const counts = new Int32Array(polygons.length + 1);
  for (const [a, b] of sharedEdges(edges.sums)) {
    const [cell, other] = [edges.cells[a], edges.cells[b]];
    if (cell === other) continue;
    first.push(cell, other);
    second.push(other, cell);
    counts[cell + 1]++;
    counts[other + 1]++;
  }
  for (let cell = 0; cell < polygons.length; cell++) counts[cell + 1] += counts[cell];
  const indices = new Int32Array(first.length);
  const next = counts.slice();
  first.forEach((cell, i) => {
    indices[next[cell]++] = second[i];
  });
  return { offsets: counts, indices };
}

/** The cell of each edge, and the sum of its corners, whichever comes first. */
function edgesOf(polygons: readonly (readonly number[])[]) {
  const count = polygons.reduce((sum, { length }) => sum + length / 3, 0);
  const cells = new Int32Array(count);
  const sums = new Float64Array(3 * count);
  let edge = 0;
  for (const [cell, polygon] of polygons.entries()) {
    for (let i = 0; i < polygon.length; i += 3) {
      const j = (i + 3) % polygon.length;
      for (let axis = 0; axis < 3; axis++) sums[3 * edge + axis] = polygon[i + axis] + polygon[j + axis];
      cells[edge++] = cell;
    }
  }
  return { cells, sums };
}

/** Pairs of equal edges, each with the first that is like it. A table of hashes with open addresses: strings as keys take ten times as much. */
function* sharedEdges(sums: Float64Array): Iterable<[number, number]> {
  const count = sums.length / 3;
  const slots = 2 ** Math.ceil(Math.log2(2 * count + 1));
  const table = new Int32Array(slots).fill(-1);
  const rounded = (at: number) => Math.round(sums[at] / unit);
  for (let edge = 0; edge < count; edge++) {
    const [x, y, z] = [rounded(3 * edge), rounded(3 * edge + 1), rounded(3 * edge + 2)];
    const mixed = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35);
    let slot = (mixed ^ (mixed >>> 15)) & (slots - 1);
    while (table[slot] >= 0 && !(squaredChord(sums, table[slot], sums, edge) <= unit * unit))
      slot = (slot + 1) & (slots - 1);
    if (table[slot] >= 0) yield [table[slot], edge];
    else table[slot] = edge;
  }
}
