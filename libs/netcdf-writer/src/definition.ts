import type { BigIntArray, DataType, NumberArray } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';

/** A dimension. One of length 0 counts as unlimited, as netCDF has it. */
export interface DimensionDefinition {
  name: string;
  length: number;
  unlimited?: boolean;
}

/** Values of a variable or of a part of it, row-major; bytes for `char`. */
export type Values = NumberArray | BigIntArray | readonly string[];

/** A variable. Its values are either given here, or written chunk by chunk. */
export interface VariableDefinition {
  name: string;
  dtype: DataType;
  /** Names of its dimensions. */
  dimensions: readonly string[];
  /** As CF has them; `_FillValue` says what unwritten elements hold. */
  attributes: readonly Attribute[];
  /** All its values: for coordinates and other small variables, which then lie beside the metadata. */
  values?: Values;
  /** How it is written without `values`. A scalar must have values. */
  chunks?: ChunkStorage;
}

/** How chunks are cut and encoded. */
export interface ChunkStorage {
  /** Extents of a chunk; no longer than a dimension that is not unlimited. */
  shape: readonly number[];
  /** 1 to 9, as zlib has it; 0 for none. */
  deflateLevel: number;
  /** Whether bytes of equal significance lie together, which deflate likes. */
  shuffle: boolean;
}

/** A file: its dimensions, global attributes and variables, in the order in which they are to appear. */
export interface Netcdf4Definition {
  dimensions: readonly DimensionDefinition[];
  attributes: readonly Attribute[];
  variables: readonly VariableDefinition[];
}
