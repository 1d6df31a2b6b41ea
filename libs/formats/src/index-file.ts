import { HyperslabError } from '@hyperslab/errors';
import type { FileIndex } from '@hyperslab/proto/index';
import { type ByteSource, noStorageCounters, type Storage, withMetrics } from '@hyperslab/storage';
import { describeContent } from './describe-content.ts';
import type { FormatReader } from './format-reader.ts';
import { gribReader } from './grib/reader.ts';
import { hdf5Reader } from './hdf5/reader.ts';
import { icechunkReader } from './icechunk/reader.ts';
import { netcdf3Reader } from './netcdf3/reader.ts';
import { ppReader } from './pp/reader.ts';
import { referencesReader } from './references/reader.ts';
import { zarrReader } from './zarr/reader.ts';
import { zarrZipReader } from './zarr/zip-reader.ts';

/** Formats in the order in which they are tried. A new format is a line here. */
const readers: readonly FormatReader[] = [
  netcdf3Reader,
  hdf5Reader,
  ppReader,
  referencesReader,
  zarrReader,
  zarrZipReader,
  icechunkReader,
  gribReader,
];

/**
 * Headers of most files fit in here, so most files are indexed with one or two requests. What a reader needs beyond it
 * it reads in pieces of its own choosing: HDF5's are small and far apart, netCDF classic's is one.
 */
export const headBytes = 64 * 1024;

/**
 * Recognises a file by its content and indexes it: structure, attributes and where chunks lie, no values. The version
 * in the index is the one that was read: every request insists on it. Throws FORMAT_UNKNOWN, FORMAT_CORRUPT,
 * FORMAT_UNSUPPORTED and what the source throws.
 */
export async function indexFile(
  source: ByteSource,
  options: { signal?: AbortSignal; storage?: Storage } = {},
): Promise<FileIndex> {
  const { signal, storage } = options;
  const version = await source.stat(signal);
  const counters = noStorageCounters();
  const counted = withMetrics(source, counters);
  const length = Math.min(version.size, headBytes);
  const [head] = await counted.read([{ offset: 0, length }], { signal, expect: version });
  const reader = readers.find((candidate) => candidate.recognise(head));
  if (reader === undefined) throw unknownFormat(source.url, head);
  let looksAround = false;
  const index = await reader.index({
    source: counted,
    version,
    head,
    storage: storage && {
      ...storage,
      open(url) {
        looksAround = true;
        return withMetrics(storage.open(url), counters);
      },
      list(...wanted) {
        looksAround = true;
        return storage.list(...wanted);
      },
    },
    signal,
  });
  // What the index itself holds is in no other object.
  const others = index.others?.urls.filter((url) => url !== 'index:') ?? [];
  const selfContained = others.length === 0 && (!looksAround || reader.readsOnlyHints === true);
  return { ...index, selfContained, bytesRead: counters.bytes };
}

function unknownFormat(url: string, head: Uint8Array): HyperslabError {
  const found = describeContent(head);
  const names = readers.map((reader) => reader.name).join(', ');
  return new HyperslabError(
    'FORMAT_UNKNOWN',
    `${url}: expected one of the formats ${names}, found ${found}; check that the URL names a data file`,
    { url, offset: '0', found },
  );
}
