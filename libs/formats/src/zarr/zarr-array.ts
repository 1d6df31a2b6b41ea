import type { Codec } from '@hyperslab/proto/array';
import type { JsonObject } from '../json/parse-json.ts';
import type { ElementType } from './element-type.ts';

/** How the keys of chunks are made of their place in the grid (Zarr v3 core specification, "Chunk key encoding"). */
export interface ChunkKeys {
  /** "c" before the indices, as the default encoding of v3 has it; nothing otherwise. */
  prefix: '' | 'c';
  separator: '/' | '.';
  /** The metadata do not state the separator. Stores of that time have either. */
  isAssumed?: boolean;
}

/** How the inner chunks of a shard are found (Zarr "sharding_indexed" codec, "Binary shard format"). */
export interface Sharding {
  /** Extents of a shard: of the chunk grid that keys count. */
  shardShape: number[];
  indexLocation: 'start' | 'end';
  /** The index has a CRC-32C behind it. */
  hasChecksum: boolean;
  bigEndian: boolean;
}

/** What an unwritten element holds; nothing where the format leaves it open. */
export type FillValue = number | bigint | string | undefined;

/** An array of a store of either version, in the terms of an index. */
export interface ZarrArray {
  shape: number[];
  /** Extents of what is stored as one: an inner chunk where there are shards. */
  chunkShape: number[];
  element: ElementType;
  fill: FillValue;
  /** Codecs of a layout, in the order of encoding; "bytes" comes first. */
  codecs: Codec[];
  keys: ChunkKeys;
  sharding?: Sharding;
  /** One for each dimension; undefined for one without a name. Undefined when the array names none at all. */
  dimensionNames: (string | undefined)[] | undefined;
  attributes: JsonObject;
  /** The fill value marks missing data too: the convention by which xarray writes Zarr v2. */
  fillIsMissing: boolean;
  /** Why its values can't be computed; empty otherwise. */
  notComputable: string;
}
