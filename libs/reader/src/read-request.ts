import type { IndexRange } from '@hyperslab/array';
import type { Manifest } from '@hyperslab/cube';
import type { Allocator } from '@hyperslab/kernels';
import type { Variable } from '@hyperslab/proto/cube';
import type { Storage } from '@hyperslab/storage';
import type { ChunkCache } from './cache/chunk-cache.ts';

/** What to read of a variable of a dataset, and through what. */
export interface ReadRequest {
  /** Its inline values are used when it has them; else its array in the manifest is read. */
  variable: Variable;
  /** One for each dimension. */
  ranges: readonly IndexRange[];
  /** Values as stored, packed and with their fill values, without a mask. Needs pieces that are stored alike. */
  stored?: boolean;
  /** The manifest of its dataset; chunks with the URL "manifest:" lie in the manifest object itself. */
  manifest: Pick<Manifest, 'source' | 'locate' | 'locateAtHand'>;
  storage: Pick<Storage, 'open'>;
  cache?: ChunkCache;
  /** Where what is read is made as far as it can be, by `readArray` the result too, and what it is decoded by way of: all live as long as that does. */
  memory?: Allocator;
  signal?: AbortSignal;
}
