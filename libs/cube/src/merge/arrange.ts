import { textAttribute } from '../cf/attributes.ts';
import { publicName } from '../cf/names.ts';
import type { Arrangement, AxisCandidate, GridAxis } from './arrangement.ts';
import { axisCandidates, leadingOrder } from './axis-candidates.ts';
import { possibleAxes } from './choose-axes.ts';
import { cellsOf } from './column.ts';
import { gridConflict } from './grid-conflict.ts';
import { type ConflictContext, extentConflict } from './merge-conflict.ts';
import type { Notes } from './notes.ts';
import { orderAlongAxis } from './order-axis.ts';
import { overlapConflict } from './overlap-conflict.ts';

/** In a cell: no piece lies there. */
export const none = -1;

/** An axis whose pieces are in order: `positions[code]` is the place of the pieces with that code. */
export interface OrderedAxis extends AxisCandidate {
  positions: number[];
  inArgumentOrder: boolean;
}

/**
 * Lays pieces out on a grid: scalar coordinates that differ become leading dimensions, pieces whose coordinates adjoin
 * are joined. `notes` takes remarks on joins that no coordinate confirmed. Throws MERGE_CONFLICT naming two files, or
 * the place where a piece is missing. Time is linear in the number of pieces but for sorting along each axis.
 */
export function arrange(context: ConflictContext, notes: Notes): Arrangement {
  const { group, pieces, contents } = context;
  const candidates = axisCandidates(group, pieces, contents);
  let conflict: Error | undefined;
  for (const axes of possibleAxes(candidates, pieces.length)) {
    try {
      const ordered = axes.map((axis) => orderedAxis(context, axis));
      const arrangement = layOut(context, ordered);
      for (const axis of ordered) {
        if (axis.inArgumentOrder && axis.dimension >= 0 && axis.column.cardinality > 1)
          notes.add(
            publicName(group.path),
            `joined along ${publicName(group.dimensions[axis.dimension])} in the order of the arguments`,
          );
      }
      return arrangement;
    } catch (error) {
      conflict ??= error as Error;
    }
  }
  throw conflict ?? gridConflict(context, candidates);
}

/** The pieces of an axis in order. Throws MERGE_CONFLICT for two that overlap. */
export function orderedAxis(context: ConflictContext, axis: AxisCandidate): OrderedAxis {
  const { cardinality, firsts } = axis.column;
  const natural = firsts.map((_, code) => code);
  if (axis.link < 0 || cardinality === 1) return { ...axis, positions: natural, inArgumentOrder: true };
  const values = firsts.map((piece) => context.contents.values(context.pieces[piece].contents[axis.link]));
  const { attributes } = context.contents.get(context.pieces[0].contents[axis.link]).variable;
  // CMIP's attribute for the order that people expect, as pressures have it.
  const decreasing = textAttribute(attributes, 'stored_direction') === 'decreasing';
  const order = orderAlongAxis(values, decreasing ? -1 : 1);
  if (order === undefined) return { ...axis, positions: natural, inArgumentOrder: true };
  if (!Array.isArray(order)) throw overlapConflict(context, axis, order.codes);
  const positions = new Array<number>(cardinality);
  for (const [position, code] of order.entries()) positions[code] = position;
  return { ...axis, positions, inArgumentOrder: false };
}

/** Puts pieces into the cells of a grid; `none` in those that no piece lies in. Throws MERGE_CONFLICT where extents differ. */
export function layOut(
  context: ConflictContext,
  ordered: OrderedAxis[],
): Arrangement & { columns: OrderedAxis[] } {
  const { group, pieces, contents } = context;
  const rank = ({ link }: OrderedAxis) => leadingOrder(group.links[link], contents, pieces[0].contents[link]);
  const leading = ordered.filter((axis) => axis.dimension < 0).sort((a, b) => rank(a) - rank(b));
  const along = group.dimensions.map((_, d) => ordered.find((axis) => axis.dimension === d));
  const columns = [...leading, ...along].filter((axis) => axis !== undefined);
  const cells = new Int32Array(cellsOf(columns.map(({ column }) => column))).fill(none);
  for (let piece = 0; piece < pieces.length; piece++) {
    let cell = 0;
    for (const { column, positions } of columns) {
      cell = cell * column.cardinality + positions[column.codes[piece]];
    }
    cells[cell] = piece;
  }
  const axes: GridAxis[] = [
    ...leading.map(({ link, column }) => ({
      path: group.links[link].path,
      dimension: -1,
      extents: new Array<number>(column.cardinality).fill(1),
    })),
    ...along.map((axis, d) => ({
      path: group.dimensions[d],
      dimension: d,
      extents: extentsAlong(context, d, axis),
    })),
  ];
  return { axes, cells, columns };
}

/** Extents at each place along a dimension; throws where pieces of one place differ. */
function extentsAlong(context: ConflictContext, dimension: number, axis: OrderedAxis | undefined): number[] {
  const { pieces } = context;
  const extents = new Array<number>(axis?.column.cardinality ?? 1).fill(-1);
  const from = new Array<number>(extents.length);
  for (let piece = 0; piece < pieces.length; piece++) {
    const position = axis === undefined ? 0 : axis.positions[axis.column.codes[piece]];
    const extent = pieces[piece].variable.shape[dimension];
    if (extents[position] === -1) {
      extents[position] = extent;
      from[position] = piece;
    } else if (extents[position] !== extent) throw extentConflict(context, from[position], piece, dimension);
  }
  return extents;
}
