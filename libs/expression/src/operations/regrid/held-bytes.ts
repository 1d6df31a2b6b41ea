import { elementCount } from '@hyperslab/array';
import {
  nearestBytes,
  overlapBytes,
  polygonBytes,
  QuadBlocks,
  RowsBuilder,
  secondOrderAxesBytes,
  secondOrderSourceBytes,
} from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import { isForeseeable } from './foreseeable.ts';
import {
  type AxesGrid,
  extentsOf,
  type FieldsGrid,
  isBetweenAxes,
  type RegridParameters,
} from './parameters.ts';
import { secondOrderSpans } from './second-order-spans.ts';
import { spansOfBox } from './source-span.ts';
import { targetsOfStrip } from './strips.ts';

/*
 * Bytes that weights take, told before any are made. What is held of a source is exact; of areas nobody knows beforehand how many overlap,
 * and an even grid over another has fewer overlaps than twice the cells of both.
 */
const overlapsOfCell = 2;
/** Entries of second order: four lists of numbers that grow as they are filled, and the arrays that come of them. */
const secondOrderEntryBytes = 4 * 8 * 2.5 + 4 + 3 * 8;

/** Bytes that a box of targets takes to compute beside its values and those of inputs: what finds places of the source, and weights. */
export function regridBytes(parameters: RegridParameters, inputs: readonly PlanNode[], box: Box): number {
  const { source, method } = parameters;
  const cuts = isForeseeable(parameters, elementCount(box.shape));
  const targets = cuts || method === 'conservative2' ? elementCount(box.shape) : targetsOfStrip(box.shape);
  if (source === undefined) return stripBytes(parameters, targets);
  if (method === 'conservative' || method === 'conservative2') {
    const cells = cellsFor(parameters, box);
    const { most, kept } = cellsBytes(parameters, cells);
    const strip = stripBytes(parameters, targets, cells);
    // What finds neighbours is gone before there are weights; of first order all but degrees stays, and these may do so for a while.
    return method === 'conservative2' ? Math.max(most, kept + strip) : most + strip;
  }
  const points = source.grid.kind === 'fields' ? pointsBytes(method, source.grid, inputs) : 0;
  return points + stripBytes(parameters, targets);
}

/** The most cells of a source that are needed for a box as large, in the same place or at either end: those near a pole touch more. */
function cellsFor(parameters: RegridParameters, box: Box): number {
  const [source, target] = [parameters.source!.grid, parameters.target.grid];
  if (source.kind === 'fields' || target?.kind !== 'axes') return elementCount(extentsOf(source));
  const spansOf = (place: Box) =>
    parameters.method === 'conservative2'
      ? secondOrderSpans(parameters, place)
      : spansOfBox(source, target, place);
  const last = extentsOf(target)[0] - box.shape[0];
  const counts = [0, box.origin[0], last].map((row) =>
    elementCount(spansOf({ ...box, origin: [row, box.origin[1]] }).map(({ count }) => count)),
  );
  return Math.max(...counts);
}

/** Bytes of what finds points of a source, and of their degrees. */
export function pointsBytes(
  method: RegridParameters['method'],
  { extents, latitude, longitude, scale }: FieldsGrid,
  inputs: readonly { dtype: string }[],
): number {
  const points = elementCount(extents);
  const width = [latitude, longitude].reduce(
    (sum, input, i) => sum + (inputs[input].dtype === 'float32' && scale[i] === 1 ? 4 : 8),
    0,
  );
  return width * points + (method === 'nearest' ? nearestBytes(points) : QuadBlocks.bytes(extents));
}

/** Bytes of what finds so many cells of a source: at most, while it is made of degrees, and once it is. */
export function cellsBytes(parameters: RegridParameters, cells: number): { most: number; kept: number } {
  const { grid } = parameters.source!;
  const { most, kept } = madeBytes(parameters, cells, cornersOf(grid));
  return { kept, most: degreesBytes(grid, cells) + most };
}

/** The same without degrees. */
function madeBytes(parameters: RegridParameters, cells: number, corners: number) {
  if (parameters.method === 'conservative') {
    const bytes = overlapBytes(cells, corners);
    return { most: bytes, kept: bytes };
  }
  return isBetweenAxes(parameters) ? secondOrderAxesBytes(cells) : secondOrderSourceBytes(cells, corners);
}

function degreesBytes(grid: AxesGrid | FieldsGrid, cells: number): number {
  return 2 * 8 * cornersOf(grid) * cells;
}

/** Bytes that weights of so many targets take while they are made, of a source of so many cells where areas count. */
export function stripBytes(parameters: RegridParameters, targets: number, cells = 0): number {
  const { source, target, along, method } = parameters;
  const alongs =
    along.length * (RowsBuilder.bytes(targets, 2 * targets) + RowsBuilder.bytes(targets, 8 * targets));
  if (source === undefined) return alongs;
  // Degrees of the targets and their vectors.
  const places = (2 * 8 + 3 * 8) * targets;
  if (method === 'nearest') return alongs + places + 3 * RowsBuilder.bytes(targets, targets);
  const linear = RowsBuilder.bytes(targets, 4 * targets);
  if (method === 'bilinear')
    return (
      alongs +
      places +
      linear +
      (source.grid.kind === 'fields' ? 0 : 3 * RowsBuilder.bytes(targets, 2 * targets))
    );
  const wanted = target.grid as AxesGrid | FieldsGrid;
  // Between axes none are made of targets.
  const polygons = isBetweenAxes(parameters)
    ? 0
    : degreesBytes(wanted, targets) + polygonBytes(targets, cornersOf(wanted));
  const entries = overlapsOfCell * (cells + targets);
  return (
    polygons +
    (method === 'conservative' ? RowsBuilder.bytes(targets, entries) : secondOrderEntryBytes * entries)
  );
}

function cornersOf(grid: AxesGrid | FieldsGrid): number {
  return grid.kind === 'fields' ? grid.bounds!.corners : 4;
}
