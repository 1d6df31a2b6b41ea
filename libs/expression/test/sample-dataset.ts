import {
  encodeArray,
  type IndexRange,
  type MaskedArray,
  type RunLengths,
  regularRuns,
} from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import { CoordinateRole, type Cube, Dataset, type Variable } from '@hyperslab/proto/cube';
import type { Plan } from '@hyperslab/proto/expression';
import { takeRanges } from '../src/resolve/coordinate-data.ts';

/** A variable of a made dataset: its values, and how it is cut into chunks (absent: it is inline). */
export interface SampleVariable {
  name: string;
  dimensions: string[];
  array: MaskedArray;
  chunks?: RunLengths[];
  attributes?: Record<string, string>;
}

export interface SampleCoordinate {
  variable: string;
  dimensions: string[];
  auxiliary?: boolean;
  bounds?: string;
  axis?: string;
}

export function numbers(
  dtype: 'float64' | 'float32' | 'int32',
  shape: number[],
  values: Iterable<number>,
): MaskedArray {
  const list = [...values];
  if (dtype === 'int32') return { dtype, shape, values: Int32Array.from(list) };
  return { dtype, shape, values: dtype === 'float32' ? Float32Array.from(list) : Float64Array.from(list) };
}

/** A dataset "sample" of version 1, all of whose variables that are named in `cubes` are cubes with the coordinates. */
export function sampleDataset(
  variables: readonly SampleVariable[],
  cubes: Record<string, readonly SampleCoordinate[]> = {},
  name = 'sample',
): Dataset {
  const made = variables.map(variable);
  const attribute = (of: string, which: string) =>
    variables.find((each) => each.name === of)?.attributes?.[which] ?? '';
  return Dataset.fromPartial({
    name,
    version: 1,
    variables: made,
    manifest: { sha256: 'aa', size: 1 },
    cubes: Object.entries(cubes).map(([cube, coordinates]): Partial<Cube> => {
      const of = made.find((each) => each.name === cube)!;
      return {
        name: cube,
        standardName: attribute(cube, 'standard_name'),
        units: attribute(cube, 'units'),
        dtype: of.dtype,
        dimensions: of.dimensions,
        shape: of.shape,
        coordinates: coordinates.map((coordinate) => ({
          variable: coordinate.variable,
          role:
            coordinate.dimensions.length === 0
              ? CoordinateRole.COORDINATE_ROLE_SCALAR
              : coordinate.auxiliary
                ? CoordinateRole.COORDINATE_ROLE_AUXILIARY
                : CoordinateRole.COORDINATE_ROLE_DIMENSION,
          dimensions: coordinate.dimensions,
          standardName: attribute(coordinate.variable, 'standard_name'),
          units: attribute(coordinate.variable, 'units'),
          calendar: attribute(coordinate.variable, 'calendar'),
          bounds: coordinate.bounds ?? '',
          axis: coordinate.axis ?? '',
        })),
      };
    }),
  });
}

function variable({ name, dimensions, array, chunks, attributes = {} }: SampleVariable): Variable {
  const encoded = encodeArray(array);
  return {
    name,
    dtype: array.dtype,
    dimensions,
    shape: array.shape,
    attributes: Object.entries(attributes).map(([key, text]): Attribute => {
      return { name: key, dtype: 'char', strings: [text], numbers: [], integers: [] };
    }),
    chunkGrid: chunks ?? array.shape.map((extent) => regularRuns(extent, Math.max(1, extent))),
    data:
      chunks === undefined
        ? {
            $case: 'inlineValues',
            value: { ...encoded, data: Buffer.from(encoded.data), mask: Buffer.from(encoded.mask) },
          }
        : { $case: 'manifestArray', value: 0 },
    storedDtype: array.dtype,
    packing: undefined,
    notComputable: '',
  };
}

/** Reads sources of a plan from the arrays of the sample, as a worker would from chunks. */
export function sampleReader(variables: readonly SampleVariable[], plan: Plan) {
  return async (source: number, ranges: IndexRange[]): Promise<MaskedArray> => {
    const { name } = plan.sources[source].variable!;
    return takeRanges(variables.find((each) => each.name === name)!.array, ranges, []);
  };
}
