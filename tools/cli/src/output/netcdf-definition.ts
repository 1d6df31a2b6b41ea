import type { MaskedArray } from '@hyperslab/array';
import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import type { Netcdf4Definition, VariableDefinition } from '@hyperslab/netcdf-writer';
import type { Attribute } from '@hyperslab/proto/array';
import { fillMissing } from './fill-missing.ts';
import { netcdfName } from './netcdf-name.ts';

/** Elements of one chunk at most: 4 MiB of float32. */
const chunkElements = 2 ** 20;

/** A computed array as a CF netCDF-4 file: its coordinates with their bounds, and the array itself, which is written in chunks. */
export function netcdfDefinition(array: ComputedArray): Netcdf4Definition & { variable: string } {
  const variable = netcdfName(array.name);
  const dimensions = new Map(array.dimensions.map((name, axis) => [netcdfName(name), array.shape[axis]]));
  const coordinates = array.coordinates.flatMap((coordinate) => coordinateVariables(coordinate, dimensions));
  const names = array.coordinates.map(({ name }) => netcdfName(name)).filter((name) => !dimensions.has(name));
  const attributes = [
    ...array.attributes.filter(({ name }) => !['units', 'coordinates', '_FillValue'].includes(name)),
    ...text('units', array.units),
    ...text('coordinates', names.join(' ')),
    ...(variable === array.name || array.attributes.some(({ name }) => name === 'long_name')
      ? []
      : text('long_name', array.name)),
  ];
  return {
    variable,
    dimensions: [...dimensions].map(([name, length]) => ({ name, length })),
    attributes: text('Conventions', 'CF-1.10'),
    variables: [...coordinates, arrayVariable(variable, array, attributes)],
  };
}

/** Extents of a chunk: as much of the last dimensions as fits. */
export function chunkShape(shape: readonly number[]): number[] {
  let room = chunkElements;
  const chunk = [...shape];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    chunk[axis] = Math.max(1, Math.min(shape[axis], room));
    room = Math.floor(room / chunk[axis]);
  }
  return chunk;
}

function arrayVariable(name: string, array: ComputedArray, attributes: Attribute[]): VariableDefinition {
  const filled = fillMissing(array);
  const variable = {
    name,
    dtype: array.dtype,
    dimensions: array.dimensions.map(netcdfName),
    attributes: [...attributes, ...filled.attributes],
  };
  const whole = array.shape.length === 0 || array.dtype === 'string' || array.values.length === 0;
  if (whole) return { ...variable, values: filled.values };
  return { ...variable, chunks: { shape: chunkShape(array.shape), deflateLevel: 4, shuffle: true } };
}

function coordinateVariables(
  coordinate: ComputedCoordinate,
  dimensions: Map<string, number>,
): VariableDefinition[] {
  const name = netcdfName(coordinate.name);
  const own = coordinate.dimensions.map(netcdfName);
  const bounds = coordinate.bounds && boundsVariable(`${name}_bnds`, own, coordinate.bounds, dimensions);
  const attributes = [
    ...text('standard_name', coordinate.standardName),
    ...text('units', coordinate.units),
    ...text('calendar', coordinate.calendar),
    ...text('axis', coordinate.axis),
    ...text('bounds', bounds?.name ?? ''),
  ];
  const variable = wholeVariable(name, own, coordinate, attributes);
  return bounds === undefined ? [variable] : [variable, bounds];
}

function boundsVariable(
  name: string,
  own: string[],
  bounds: MaskedArray,
  dimensions: Map<string, number>,
): VariableDefinition {
  const vertices = bounds.shape[bounds.shape.length - 1];
  const dimension = vertices === 2 ? 'bnds' : `vertices_${vertices}`;
  dimensions.set(dimension, vertices);
  return wholeVariable(name, [...own, dimension], bounds, []);
}

function wholeVariable(
  name: string,
  dimensions: string[],
  array: MaskedArray,
  attributes: Attribute[],
): VariableDefinition {
  const filled = fillMissing(array);
  return {
    name,
    dtype: array.dtype,
    dimensions,
    attributes: [...attributes, ...filled.attributes],
    values: filled.values,
  };
}

function text(name: string, value: string): Attribute[] {
  return value === '' ? [] : [{ name, dtype: 'char', strings: [value], numbers: [], integers: [] }];
}
