import { wholeSelection } from '@hyperslab/array';
import { type Manifest, openManifest } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { openRegion } from '@hyperslab/kernels';
import type { ManifestRef } from '@hyperslab/proto/cube';
import type { ReadArrayRequest } from '@hyperslab/proto/worker';
import { KeptRanges, type ReadRequest, SharedChunkCache, withKeptRanges } from '@hyperslab/reader';
import {
  type ByteSource,
  createStorage,
  memorySource,
  noStorageCounters,
  type ObjectStore,
  openObjectStore,
  type Storage,
  withMetrics,
} from '@hyperslab/storage';
import { Sightings } from '../kept/sightings.ts';
import type { ThreadCounts, ThreadData } from '../threads/messages.ts';
import { withReadLog } from '../threads/read-log.ts';
import { pageCacheReader } from './read-page-cache.ts';

/** Manifests that a thread keeps open; each keeps its pages within bounds. */
const manifestsOpen = 16;

/** What the tasks of a thread share. */
export interface TaskEnvironment {
  /** Data, counted. */
  storage: Storage;
  /** Manifests and stored arrays. */
  objects: ObjectStore;
  /** Below which results may be written. */
  outputRoots: readonly string[];
  /** Which code makes indexes here; empty to keep none. */
  maker: string;
  /** Objects of runs that are followed, whose times can't be told from those of our clock. */
  sightings: Sightings;
  /** A folder for what does not fit into memory. */
  scratch: string;
  /** What `readArray` needs for a variable of a dataset, all of it or some ranges. */
  readRequest(wanted: ReadArrayRequest, signal: AbortSignal): Promise<ReadRequest>;
  counts(): ThreadCounts;
}

/** Opens storage, and the cache of decoded chunks that threads share, for one of them. */
export function createTaskEnvironment({
  roots,
  outputRoots,
  objects: url,
  maker,
  scratch,
  shared,
  ranges,
}: Omit<ThreadData, 'cancelled'>): TaskEnvironment {
  const counters = noStorageCounters();
  // Stored results lie in our own object store: it is data, too.
  const plain = createStorage({ roots: [...roots, url], readAtOnce: pageCacheReader() });
  const observed = (source: ByteSource) => withReadLog(withMetrics(source, counters));
  const storage: Storage = { ...plain, open: (object) => observed(plain.open(object)) };
  const kept = ranges && shared && new KeptRanges(ranges, shared.owner);
  const valueStorage: Storage =
    kept === undefined
      ? storage
      : { ...storage, open: (object) => withKeptRanges(storage.open(object), kept) };
  const objects = openObjectStore(url);
  const { arena } = openRegion();
  const cache = shared?.cache && arena && new SharedChunkCache(shared.cache, arena, shared.owner);
  const manifests = new Map<string, Promise<Manifest>>();

  function manifestOf({ sha256 }: ManifestRef): Promise<Manifest> {
    const known = manifests.get(sha256);
    if (known !== undefined) return known;
    const opening = openManifest(observed(objects.open(`manifests/${sha256}`)));
    opening.catch(() => manifests.delete(sha256));
    manifests.set(sha256, opening);
    for (const oldest of manifests.keys()) {
      if (manifests.size <= manifestsOpen) break;
      manifests.delete(oldest);
    }
    return opening;
  }

  return {
    storage,
    objects,
    outputRoots,
    maker,
    sightings: new Sightings(),
    scratch,
    async readRequest({ variable, manifest: ref, selection, stored }, signal) {
      if (variable === undefined) throw new HyperslabError('INVALID_ARGUMENT', 'read array: no variable');
      const ranges = selection?.ranges.length ? selection.ranges : wholeSelection(variable.shape);
      const inline = variable.data?.$case === 'inlineValues';
      if (!inline && ref === undefined)
        throw new HyperslabError('INVALID_ARGUMENT', `read array "${variable.name}": no manifest`);
      const manifest = inline ? nowhere : await manifestOf(ref as ManifestRef);
      return {
        variable,
        ranges,
        stored,
        manifest,
        storage: valueStorage,
        cache,
        signal,
      };
    },
    counts() {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return {
        storageBytes: counters.bytes,
        storageRequests: counters.requests,
        storageErrors: counters.errors,
        storageSeconds: counters.seconds,
        heapBytes: heapUsed,
        arrayBufferBytes: arrayBuffers,
      };
    },
  };
}

/** In place of the manifest of a variable that holds its values itself. */
const nowhere: ReadRequest['manifest'] = {
  source: memorySource('inline', new Uint8Array(0)),
  locate: noManifest,
  locateAtHand: noManifest,
};

function noManifest(): never {
  throw new TypeError('inline values have no manifest');
}
