import { isNumeric, type MaskedArray } from '@hyperslab/array';
import { arrayBlock, withMissingMarked } from '@hyperslab/cube';
import { Attribute, type Packing } from '@hyperslab/proto/array';
import type {
  CoordinateValues,
  GridMapping,
  ResultCoordinate,
  ResultDescription,
} from '@hyperslab/proto/expression';
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
  if (result.gridMapping !== undefined) variables.push(mappingVariable(result.gridMapping));
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
    (attribute) => !['units', 'coordinates', 'grid_mapping'].includes(attribute.name),
  );
  if (units !== '') attributes.push(text('units', units));
  if (auxiliary.length > 0) attributes.push(text('coordinates', auxiliary.join(' ')));
  if (result.gridMapping !== undefined) attributes.push(text('grid_mapping', result.gridMapping.name));
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
    long_name: coordinate.longName,
    axis: coordinate.axis,
    positive: coordinate.positive,
    [coordinate.climatology ? 'climatology' : 'bounds']:
      coordinate.bounds === undefined ? '' : `${coordinate.name}_bounds`,
  }).flatMap(([name, value]) => (value === '' ? [] : [text(name, value)]));
  const values = await read(coordinate.values);
  const own = valuesVariable(coordinate.name, coordinate.dimensions, values, attributes, dimensions);
  if (coordinate.bounds === undefined) return [own];
  const bounds = await read(coordinate.bounds);
  return [own, valuesVariable(`${coordinate.name}_bounds`, coordinate.dimensions, bounds, [], dimensions)];
}

/** A variable that has nothing but attributes. */
function mappingVariable({ name, attributes }: GridMapping): IndexedVariable {
  const array: MaskedArray = { dtype: 'int32', shape: [], values: Int32Array.of(0) };
  return valuesVariable(name, [], array, attributes, []);
}

/** A variable that carries its values; dimensions that the result does not have are named by their length. */
function valuesVariable(
  name: string,
  named: readonly string[],
  array: MaskedArray,
  attributes: Attribute[],
  dimensions: Dimension[],
): IndexedVariable {
  // What is missing is marked as in a file: there is no mask beside stored values. The array's own are not overwritten.
  const { packing, ...marked } = withMissingMarked({
    ...array,
    values: array.values.slice() as typeof array.values,
  });
  const { dtype, shape } = marked;
  const names = shape.map((size, axis) => named[axis] ?? extraDimension(dimensions, size));
  return IndexedVariable.fromPartial({
    name,
    dtype,
    dimensions: names.map((dimension) => `/${dimension}`),
    shape,
    attributes: [...attributes, ...fillValue(dtype, packing)],
    layout: {
      storedDtype: dtype,
      chunkShape: shape,
      codecs: isNumeric(dtype) ? [{ name: 'bytes', configuration: '{"endian":"little"}' }] : [],
    },
    inlineValues: arrayBlock(marked),
  });
}

function fillValue(dtype: string, { missingValues, missingIntegers }: Packing): Attribute[] {
  if (missingValues.length + missingIntegers.length === 0) return [];
  return [
    Attribute.fromPartial({ name: '_FillValue', dtype, numbers: missingValues, integers: missingIntegers }),
  ];
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
