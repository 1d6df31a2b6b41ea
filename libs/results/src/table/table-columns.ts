import { rowMajorStrides } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ResultCoordinate, ResultHead } from '../result.ts';
import { samePoints } from '../same-coordinate.ts';
import type { NamedResult } from '../save-options.ts';

/** A column of a table that says where a row lies. */
export interface PlaceColumn {
  name: string;
  /** The coordinate; undefined for the index along a dimension that has none. */
  coordinate: ResultCoordinate | undefined;
  /** How far its element moves with each dimension of the result; 0 along those that it does not span. */
  strides: number[];
}

/** What tables tell of results: a row for each point, a column for each coordinate and each result. */
export interface TableColumns {
  shape: readonly number[];
  places: PlaceColumn[];
  values: { name: string; head: ResultHead }[];
}

/**
 * Columns of a table of results that lie on one grid: dimensions first, then other coordinates.
 * @throws HyperslabError INVALID_ARGUMENT for results of different grids, or of one name
 */
export function tableColumns(results: readonly NamedResult[]): TableColumns {
  const [{ head }] = results.map(({ result }) => result);
  for (const { result } of results.slice(1)) assertSameGrid(head, result.head);
  const dimensions = head.dimensions.map((dimension, axis): PlaceColumn => {
    const coordinate = coordinateOf(head, dimension);
    return { name: dimension, coordinate, strides: head.dimensions.map((_, i) => (i === axis ? 1 : 0)) };
  });
  const others = head.coordinates
    .filter((each) => !dimensions.some(({ coordinate }) => coordinate === each))
    .map(
      (coordinate): PlaceColumn => ({
        name: coordinate.name,
        coordinate,
        strides: stridesOf(head, coordinate),
      }),
    );
  const places = [...dimensions, ...others];
  const values = results.map(({ name, result }) => ({ name: name ?? result.head.name, head: result.head }));
  refuseDoubles([...places, ...values].map(({ name }) => name));
  return { shape: head.shape, places, values };
}

/** Elements of a column for rows from one on, as their numbers in its coordinate. */
export function elementsOf(
  { strides }: PlaceColumn,
  shape: readonly number[],
  firstRow: number,
  rows: number,
): Float64Array {
  const elements = new Float64Array(rows);
  const rowStrides = rowMajorStrides(shape);
  const index = shape.map((extent, axis) => Math.floor(firstRow / rowStrides[axis]) % extent);
  let element = index.reduce((sum, at, axis) => sum + at * strides[axis], 0);
  for (let row = 0; row < rows; row++) {
    elements[row] = element;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      element += strides[axis];
      if (index[axis] < shape[axis]) break;
      element -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return elements;
}

/** The coordinate that a dimension is told by: of its name, else one with an axis. */
function coordinateOf({ coordinates }: ResultHead, dimension: string): ResultCoordinate | undefined {
  const own = coordinates.filter(({ dimensions }) => dimensions.length === 1 && dimensions[0] === dimension);
  return own.find(({ name }) => name === dimension) ?? own.find(({ axis }) => axis !== '');
}

function stridesOf(head: ResultHead, { dimensions, shape }: ResultCoordinate): number[] {
  const own = rowMajorStrides(shape);
  return head.dimensions.map((dimension) => {
    const axis = dimensions.indexOf(dimension);
    return axis < 0 ? 0 : own[axis];
  });
}

function assertSameGrid(first: ResultHead, other: ResultHead): void {
  const same =
    first.dimensions.join('\n') === other.dimensions.join('\n') &&
    first.shape.join() === other.shape.join() &&
    first.dimensions.every((dimension) =>
      samePoints(coordinateOf(first, dimension), coordinateOf(other, dimension)),
    );
  if (same) return;
  const grid = (head: ResultHead) => head.dimensions.map((name, i) => `${name}: ${head.shape[i]}`).join(', ');
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `"${first.name}" (${grid(first)}) and "${other.name}" (${grid(other)}) lie on different points, and a table has one row a point; write a file for each, or netcdf4`,
  );
}

function refuseDoubles(names: readonly string[]): void {
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double === undefined) return;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `"${double}" would be the name of two columns; name the result otherwise, as in NAME=EXPRESSION`,
    { name: double },
  );
}
