import { elementCount } from '@hyperslab/array';
import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { isoTimes, type PlainValue, valueReader } from '@hyperslab/results';

/** An array of more values is shown by the first and last few in each direction. */
const shownWhole = 200;
const edgeItems = 3;

/** A computed array for a person: what it is, its coordinates, and its values, those of a large one from the edges. */
export function arrayText(array: ComputedArray): string {
  const { name, units, dtype, dimensions, shape, missing, nan } = array;
  const extents = dimensions.map((dimension, axis) => `${dimension}: ${shape[axis]}`).join('; ');
  const counts = [missing > 0 && `${missing} missing`, nan > 0 && `${nan} NaN`].filter(Boolean).join(', ');
  const head = `${name} / (${units || 'unknown'})  ${dtype} (${extents})${counts === '' ? '' : `  ${counts}`}`;
  return [head, ...array.coordinates.map(coordinateLine), '', valuesText(array)].join('\n');
}

function coordinateLine(coordinate: ComputedCoordinate): string {
  const { name, dimensions, units } = coordinate;
  const times = isoTimes(coordinate);
  const read = valueReader(coordinate);
  const show = (i: number) => times?.[i] ?? cell(read(i));
  const count = coordinate.values.length;
  const values =
    count <= 4
      ? Array.from({ length: count }, (_, i) => show(i)).join(', ')
      : `${show(0)}, ${show(1)} … ${show(count - 1)}`;
  const unit = times === undefined && units !== '' ? ` ${units}` : '';
  return `    ${name}${dimensions.length > 0 ? ` (${dimensions.join(', ')})` : ''}: ${values}${unit}`;
}

function valuesText(array: ComputedArray): string {
  const { shape } = array;
  const read = valueReader(array);
  if (shape.length === 0) return cell(read(0));
  const lines = (axis: number, offset: number, indent: string): string => {
    const stride = elementCount(shape.slice(axis + 1));
    const indices = shownIndices(shape[axis], array.values.length > shownWhole);
    if (axis === shape.length - 1) {
      return `[${indices.map((i) => (i === undefined ? '…' : cell(read(offset + i)))).join(' ')}]`;
    }
    const inner = indices.map((i) =>
      i === undefined ? '…' : lines(axis + 1, offset + i * stride, `${indent} `),
    );
    return `[${inner.join(`\n${indent} `)}]`;
  };
  return lines(0, 0, '');
}

/** Indices that are shown; undefined stands for those that are left out. */
function shownIndices(extent: number, edgesOnly: boolean): (number | undefined)[] {
  const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
  if (!edgesOnly || extent <= 2 * edgeItems + 1) return from(0, extent);
  return [...from(0, edgeItems), undefined, ...from(extent - edgeItems, edgeItems)];
}

function cell(value: PlainValue): string {
  if (value === null) return '--';
  return typeof value === 'number' ? String(Number(value.toPrecision(7))) : value;
}
