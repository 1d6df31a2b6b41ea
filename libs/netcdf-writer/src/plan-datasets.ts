import { elementCount, gridShape, regularRuns } from '@hyperslab/array';
import type {
  ChunkStorage,
  DimensionDefinition,
  Netcdf4Definition,
  Values,
  VariableDefinition,
} from './definition.ts';
import { bytesOf, type PlannedAttribute, planAttribute, textAttribute } from './encode-attribute.ts';
import { fillBytes } from './fill-value.ts';
import { ByteWriter } from './hdf5/byte-writer.ts';
import { chunkTreeSize } from './hdf5/chunk-btree.ts';
import { dataspace } from './hdf5/dataspace.ts';
import {
  datatypeOf,
  placeholderType,
  referenceListType,
  scaleUserSize,
  scaleUserType,
  storedSize,
} from './hdf5/datatype.ts';
import type { GlobalHeap } from './hdf5/global-heap.ts';
import { invalidDefinition } from './invalid-definition.ts';

/** An HDF5 dataset: a variable, or a dimension without one. */
export interface PlannedDataset {
  /** Name of the link to it. */
  linkName: string;
  /** The variable; undefined for a dimension without one. */
  variable?: string;
  datatype: Uint8Array;
  dataspace: Uint8Array;
  fill: Uint8Array | undefined;
  attributes: PlannedAttribute[];
  /** Datasets that name this as the scale of a dimension, and of which. */
  users: { linkName: string; axis: number }[];
  storage: PlannedStorage;
}

/** Where the elements are. */
type PlannedStorage =
  | { kind: 'inline'; byteLength: number; values?: Values }
  | {
      kind: 'chunked';
      chunks: ChunkStorage;
      gridShape: number[];
      elementSize: number;
      indexBytes: number;
    };

/** Users that fit a message of 64 KiB. The list is for writers that delete scales; readers do without. */
const mostUsers = 4000;

/**
 * The datasets of a file. A dimension is a dimension scale (HDF5 Dimension Scale Specification): the variable of its
 * name if that has it as the first dimension, else a dataset without values; variables refer to the scales of
 * their dimensions (netCDF-4 format, "File Format Specifications").
 */
export function planDatasets(definition: Netcdf4Definition, heap: GlobalHeap): PlannedDataset[] {
  const { dimensions, variables } = definition;
  const coordinateOf = new Map(
    variables.flatMap((variable) => (isCoordinate(variable) ? [[variable.name, variable] as const] : [])),
  );
  const placeholders = dimensions.filter(({ name }) => !coordinateOf.has(name));
  const scales = placeholders.map((dimension) => planPlaceholder(dimension, dimensions.indexOf(dimension)));
  const datasets = variables.map((variable) => planVariable(variable, definition, heap));
  const all = new Map([...scales, ...datasets].map((dataset) => [dataset.linkName, dataset]));
  for (const [i, { dimensions: own, ...variable }] of variables.entries()) {
    if (isCoordinate({ dimensions: own, ...variable })) continue;
    for (const [axis, dimension] of own.entries())
      all.get(dimension)!.users.push({ linkName: datasets[i].linkName, axis });
  }
  for (const dataset of all.values()) if (dataset.users.length > mostUsers) dataset.users = [];
  return [...all.values()];
}

function isCoordinate({ name, dimensions }: VariableDefinition): boolean {
  return dimensions[0] === name;
}

function planPlaceholder(dimension: DimensionDefinition, number: number): PlannedDataset {
  const { name, length } = dimension;
  const unlimited = isUnlimited(dimension);
  // The text and its width are netCDF-C's: readers compare them.
  const label = `This is a netCDF dimension but not a netCDF variable.${String(length).padStart(10)}`;
  return {
    linkName: name,
    datatype: placeholderType(),
    dataspace: dataspace([length], [unlimited]),
    fill: new Uint8Array(4),
    attributes: scaleAttributes(label, number),
    users: [],
    storage: unlimited
      ? chunked({ shape: [1024], deflateLevel: 0, shuffle: false }, [0], 4)
      : { kind: 'inline', byteLength: length * 4 },
  };
}

function planVariable(
  variable: VariableDefinition,
  { dimensions }: Netcdf4Definition,
  heap: GlobalHeap,
): PlannedDataset {
  const own = variable.dimensions.map((name) => dimensions.find((dimension) => dimension.name === name)!);
  const shape = own.map(({ length }) => length);
  const unlimited = own.map(isUnlimited);
  const insertText = (text: Uint8Array) => heap.insert(text);
  const attributes = variable.attributes.map((attribute) => planAttribute(attribute, insertText));
  const isScale = isCoordinate(variable);
  if (isScale) {
    const number = dimensions.findIndex(({ name }) => name === variable.name);
    attributes.push(...scaleAttributes(variable.name, number));
    // A scale has no scales of its own, so a coordinate of several dimensions numbers them.
    if (own.length > 1)
      attributes.push(
        integers(
          '_Netcdf4Coordinates',
          own.map((d) => dimensions.indexOf(d)),
        ),
      );
  } else if (own.length > 0) {
    attributes.push({
      name: 'DIMENSION_LIST',
      datatype: referenceListType(),
      dataspace: dataspace([own.length]),
      data: own.map(({ name }) => ({ length: 1, id: heap.insert({ addressOf: name }) })),
    });
  }
  const hidesDimension = !isScale && dimensions.some(({ name }) => name === variable.name);
  const elementSize = storedSize(variable.dtype);
  return {
    linkName: hidesDimension ? `_nc4_non_coord_${variable.name}` : variable.name,
    variable: variable.name,
    datatype: datatypeOf(variable.dtype),
    dataspace: dataspace(shape, unlimited),
    fill: fillBytes(variable),
    attributes,
    users: [],
    storage: storageOf(variable, shape, unlimited.includes(true), elementSize),
  };
}

function isUnlimited({ length, unlimited }: DimensionDefinition): boolean {
  return unlimited === true || length === 0;
}

function storageOf(
  { name, dtype, values, chunks }: VariableDefinition,
  shape: number[],
  unlimited: boolean,
  elementSize: number,
): PlannedStorage {
  if (values === undefined) return chunked(chunks!, shape, elementSize);
  if (!unlimited) return { kind: 'inline', byteLength: elementCount(shape) * elementSize, values };
  // HDF5 lets only chunked datasets grow.
  if (dtype === 'string')
    throw invalidDefinition(`variable "${name}": strings can't have an unlimited or empty dimension`);
  const whole = { shape: shape.map((extent) => Math.max(1, extent)), deflateLevel: 0, shuffle: false };
  return chunked(whole, shape, elementSize);
}

function chunked(chunks: ChunkStorage, shape: readonly number[], elementSize: number): PlannedStorage {
  const grid = gridShape(shape.map((extent, axis) => regularRuns(extent, chunks.shape[axis])));
  const indexBytes = chunkTreeSize(elementCount(grid), grid.length);
  return { kind: 'chunked', chunks, gridShape: grid, elementSize, indexBytes };
}

function scaleAttributes(label: string, number: number): PlannedAttribute[] {
  return [
    nullTerminated('CLASS', 'DIMENSION_SCALE'),
    nullTerminated('NAME', label),
    integers('_Netcdf4Dimid', number),
  ];
}

/** Text with its final NUL, as the dimension scale functions write it. */
function nullTerminated(name: string, text: string): PlannedAttribute {
  return textAttribute(name, `${text}\0`);
}

function integers(name: string, value: number | number[]): PlannedAttribute {
  const values = Int32Array.from(Array.isArray(value) ? value : [value]);
  const space = dataspace(Array.isArray(value) ? [value.length] : []);
  return { name, datatype: datatypeOf('int32'), dataspace: space, data: bytesOf(values) };
}

/** REFERENCE_LIST of a scale, its addresses known; undefined for what is no scale of anything. */
export function userList(
  users: PlannedDataset['users'],
  addressOf: (linkName: string) => number,
): PlannedAttribute | undefined {
  if (users.length === 0) return undefined;
  const data = new ByteWriter(users.length * scaleUserSize);
  for (const { linkName, axis } of users) data.u64(addressOf(linkName)).u32(axis).zeros(4);
  return {
    name: 'REFERENCE_LIST',
    datatype: scaleUserType(),
    dataspace: dataspace([users.length]),
    data: data.toBytes(),
  };
}
