import { isNumeric, type MaskedArray } from '@hyperslab/array';
import { arrayBlock } from '@hyperslab/cube';
import { Attribute } from '@hyperslab/proto/array';
import type { CoordinateValues, ResultCoordinate, ResultDescription } from '@hyperslab/proto/expression';
import { type Dimension, FileIndex, IndexedVariable } from '@hyperslab/proto/index';

/** Reads the values of a coordinate, wherever they are. */
export type ReadCoordinate = (values: CoordinateValues) => Promise<MaskedArray>;

/**
 * A computed array described as a file is: the variable, of which no chunk is written yet, and its coordinates with
 * their values. What merges files then makes a dataset of it.
 */
export async function resultIndex(
  result: ResultDescription,
  title: string,
  read: ReadCoordinate,
): Promise<FileIndex> {
  const dimensions: Dimension[] = result.dimensions.map((name, axis) => ({
    name,
    size: result.shape[axis],
    unlimited: false,
  }));
  const variables: IndexedVariable[] = [dataVariable(result)];
  for (const coordinate of result.coordinates) {
    variables.push(...(await coordinateVariables(coordinate, read, dimensions)));
  }
  return FileIndex.fromPartial({
    url: 'computed',
    format: 'hyperslab',
    version: {},
    root: { attributes: [text('title', title)], dimensions, variables },
  });
}

function dataVariable(result: ResultDescription): IndexedVariable {
  const { name, dtype, dimensions, shape, units, coordinates } = result;
  const auxiliary = coordinates.filter((coordinate) => !isDimension(coordinate)).map((other) => other.name);
  const attributes = result.attributes.filter(
    (attribute) => !['units', 'coordinates'].includes(attribute.name),
  );
  if (units !== '') attributes.push(text('units', units));
  if (auxiliary.length > 0) attributes.push(text('coordinates', auxiliary.join(' ')));
  return IndexedVariable.fromPartial({
    name,
    dtype,
    dimensions: dimensions.map((dimension) => `/${dimension}`),
    shape,
    attributes,
    layout: {
      storedDtype: dtype,
      chunkShape: shape,
      codecs: [{ name: 'bytes', configuration: '{"endian":"little"}' }],
    },
    chunks: { offsets: [0], lengths: [0] },
  });
}

function isDimension({ name, dimensions }: ResultCoordinate): boolean {
  return dimensions.length === 1 && dimensions[0] === name;
}

async function coordinateVariables(
  coordinate: ResultCoordinate,
  read: ReadCoordinate,
  dimensions: Dimension[],
): Promise<IndexedVariable[]> {
  if (coordinate.values === undefined) return [];
  const attributes = Object.entries({
    units: coordinate.units,
    calendar: coordinate.calendar,
    standard_name: coordinate.standardName,
    axis: coordinate.axis,
    bounds: coordinate.bounds === undefined ? '' : `${coordinate.name}_bounds`,
  }).flatMap(([name, value]) => (value === '' ? [] : [text(name, value)]));
  const values = await read(coordinate.values);
  const own = valuesVariable(coordinate.name, coordinate.dimensions, values, attributes, dimensions);
  if (coordinate.bounds === undefined) return [own];
  const bounds = await read(coordinate.bounds);
  return [own, valuesVariable(`${coordinate.name}_bounds`, coordinate.dimensions, bounds, [], dimensions)];
}

/** A variable that carries its values; dimensions that the result does not have are named by their length. */
function valuesVariable(
  name: string,
  named: readonly string[],
  array: MaskedArray,
  attributes: Attribute[],
  dimensions: Dimension[],
): IndexedVariable {
  const { dtype, shape } = array;
  const names = shape.map((size, axis) => named[axis] ?? extraDimension(dimensions, size));
  return IndexedVariable.fromPartial({
    name,
    dtype,
    dimensions: names.map((dimension) => `/${dimension}`),
    shape,
    attributes,
    layout: {
      storedDtype: dtype,
      chunkShape: shape,
      codecs: isNumeric(dtype) ? [{ name: 'bytes', configuration: '{"endian":"little"}' }] : [],
    },
    inlineValues: arrayBlock({ ...array, mask: undefined }),
  });
}

function extraDimension(dimensions: Dimension[], size: number): string {
  const name = `extent_${size}`;
  if (!dimensions.some((dimension) => dimension.name === name))
    dimensions.push({ name, size, unlimited: false });
  return name;
}

function text(name: string, value: string): Attribute {
  return Attribute.fromPartial({ name, dtype: 'char', strings: [value] });
}
