import { sameUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { type CoordinateAxis, coordinateAxis } from './coordinate-axis.ts';
import { isSameData, type ReadVariable, readData } from './coordinate-data.ts';
import { coordinateLabels } from './coordinate-values.ts';
import type { Field, FieldCoordinate } from './field.ts';
import { dateTolerance } from './match-coordinate.ts';

/**
 * Coordinates of what is computed from several fields. Dimension coordinates must have equal values, else an
 * EXPRESSION_INVALID names both fields. Of others, those that contradict each other are left out, as in Iris; one with
 * dimensions wins over a scalar one.
 */
export async function mergeCoordinates(
  fields: readonly Field[],
  read: ReadVariable | undefined,
): Promise<FieldCoordinate[]> {
  const [first, ...others] = [...fields].sort((a, b) => rank(b) - rank(a));
  let merged = [...(first?.coordinates ?? [])];
  const contradicted = new Set<string>();
  for (const field of others) {
    for (const coordinate of field.coordinates) {
      const along = coordinate.isDimension
        ? dimensionCoordinate(merged, coordinate.dimensions[0])
        : undefined;
      if (along !== undefined) await assertSame(first, along, field, coordinate, read);
      const known = merged.find(({ name }) => name === coordinate.name);
      if (along !== undefined || contradicted.has(coordinate.name)) continue;
      if (known === undefined) merged.push(coordinate);
      else if (known.dimensions.length === 0 && coordinate.dimensions.length > 0) {
        merged = merged.map((each) => (each === known ? coordinate : each));
      } else if (
        known.dimensions.length === coordinate.dimensions.length &&
        !(await isEqual(known, coordinate, read))
      ) {
        contradicted.add(known.name);
        merged = merged.filter((each) => each !== known);
      }
    }
  }
  return merged;
}

function rank({ coordinates }: Field): number {
  return new Set(coordinates.flatMap(({ dimensions }) => dimensions)).size;
}

function dimensionCoordinate(
  coordinates: readonly FieldCoordinate[],
  dimension: string,
): FieldCoordinate | undefined {
  return coordinates.find((each) => each.isDimension && each.dimensions[0] === dimension);
}

async function assertSame(
  field: Field,
  coordinate: FieldCoordinate,
  otherField: Field,
  other: FieldCoordinate,
  read: ReadVariable | undefined,
): Promise<void> {
  if (await isEqual(coordinate, other, read)) return;
  const names = [field, otherField].map(({ name }) => (name === '' ? 'an operand' : `"${name}"`));
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${names[0]} and ${names[1]} have different values of "${coordinate.name}" along dimension "${coordinate.dimensions[0]}"; select equal parts`,
    { dimension: coordinate.dimensions[0] },
  );
}

async function isEqual(
  a: FieldCoordinate,
  b: FieldCoordinate,
  read: ReadVariable | undefined,
): Promise<boolean> {
  if (a.dimensions.join() !== b.dimensions.join()) return false;
  if (isSameData(a.values, b.values)) return true;
  if (a.units !== '' && b.units !== '' && !sameUnits(a.units, b.units)) return false;
  const [left, right] = [await readData(a.values, read), await readData(b.values, read)];
  if (left.shape.join() !== right.shape.join()) return false;
  const [labels, otherLabels] = [coordinateLabels(left), coordinateLabels(right)];
  if (labels !== undefined || otherLabels !== undefined)
    return labels?.join('\0') === otherLabels?.join('\0');
  const [axis, otherAxis] = [coordinateAxis(a, left), coordinateAxis(b, right)];
  if (axis.time?.calendar !== otherAxis.time?.calendar) return false;
  return axis.numbers!.every((number, i) => isClose(axis, number, otherAxis.numbers![i]));
}

/** A millionth of a large offset, as of seconds since 1970, may be several steps; times are equal within half a second. */
function isClose(axis: CoordinateAxis, a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const value = Math.max(Math.abs(a), Math.abs(b));
  // What rounding leaves of a 0 is measured by the step to its neighbours.
  const size = axis.spacing === Number.POSITIVE_INFINITY ? value : Math.max(value, axis.spacing);
  const tolerance = axis.time ? dateTolerance(axis, { value }) : Math.min(1e-6 * size, axis.spacing / 10);
  return Math.abs(a - b) <= tolerance;
}
