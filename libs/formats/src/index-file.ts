import { parseDapUrl } from '@hyperslab/dap';
import { HyperslabError, type Reason } from '@hyperslab/errors';
import type { FileIndex, GatheredHeaders } from '@hyperslab/proto/index';
import {
  type ByteSource,
  noStorageCounters,
  type ObjectVersion,
  type Storage,
  withMetrics,
} from '@hyperslab/storage';
import { findDataSet, withFailures } from './dap/find-data-set.ts';
import { dapReader } from './dap/reader.ts';
import { describeContent } from './describe-content.ts';
import { dmrppReader } from './dmrpp/reader.ts';
import type { FormatReader } from './format-reader.ts';
import { GatheredBytes } from './grib/gathered-bytes.ts';
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
  dmrppReader,
  dapReader,
  gribReader,
];

/**
 * Headers of most files fit in here, so most files are indexed with one or two requests. What a reader needs beyond it
 * it reads in pieces of its own choosing: HDF5's are small and far apart, netCDF classic's is one.
 */
export const headBytes = 64 * 1024;

/**
 * Recognises a file by its content and indexes it: structure, attributes and where chunks lie, no values. The version
 * in the index is the one that was read: every request insists on it. A web page may be that of an OPeNDAP data set, which is
 * indexed then: the index has its URL. Throws FORMAT_UNKNOWN, FORMAT_CORRUPT, FORMAT_UNSUPPORTED and what the source throws.
 */
export async function indexFile(
  source: ByteSource,
  options: { signal?: AbortSignal; storage?: Storage; gathered?: readonly GatheredHeaders[] } = {},
): Promise<FileIndex> {
  const { signal, storage, gathered = [] } = options;
  const counters = noStorageCounters();
  const counted = withMetrics(source, counters);
  const { version, head, reader, noFile } = await recognise(counted, signal);
  if (reader === undefined) {
    const failures: HyperslabError[] = [];
    const dataSet = storage && (await findDataSet(source.url, storage, signal, failures));
    if (storage === undefined || dataSet === undefined) {
      throw withFailures(noFile ?? unknownFormat(source.url, head), failures);
    }
    return indexFile(storage.open(dataSet), options);
  }
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
    gathered: gathered.length === 0 ? undefined : bytesOf(gathered, version),
  });
  // What the index itself holds is in no other object. A server of data sets makes its answers, of who knows what.
  const others = index.others?.urls.filter((url) => url !== 'index:') ?? [];
  const isAlone = others.length === 0 && reader !== dapReader;
  const selfContained = isAlone && (!looksAround || reader.readsOnlyHints === true);
  const before = gathered.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  return { ...index, selfContained, bytesRead: counters.bytes + before };
}

/** The format that begins as a file does; undefined when none does. */
export function readerOf(head: Uint8Array): FormatReader | undefined {
  return readers.find((candidate) => candidate.recognise(head));
}

/** What was gathered of this very state of a file. */
function bytesOf(
  gathered: readonly GatheredHeaders[],
  { size, etag, modifiedUs }: ObjectVersion,
): GatheredBytes {
  const bytes = new GatheredBytes();
  for (const each of gathered) {
    const { version } = each;
    if (version?.size === size && version.etag === etag && version.modifiedUs === modifiedUs) bytes.add(each);
  }
  return bytes;
}

/** How a web address reads where no file is: one that knows no ranges, or no request for all of a data set. */
const noFileReasons: ReadonlySet<Reason> = new Set([
  'RANGES_UNSUPPORTED',
  'URL_INVALID',
  'OBJECT_NOT_FOUND',
  'ACCESS_DENIED',
]);

/**
 * An object's state and first bytes, and the reader that takes these for its format's. A web page that can't be read by ranges has
 * none: `noFile` says so.
 */
async function recognise(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<{ version: ObjectVersion; head: Uint8Array; reader?: FormatReader; noFile?: HyperslabError }> {
  try {
    const version = await source.stat(signal);
    const range = { offset: 0, length: Math.min(version.size, headBytes) };
    const [head] = await source.read([range], { signal, expect: version });
    const reader = parseDapUrl(source.url) === undefined ? readerOf(head) : dapReader;
    return { version, head, reader };
  } catch (error) {
    if (!(error instanceof HyperslabError) || !noFileReasons.has(error.reason)) throw error;
    const version = { size: 0, etag: '', modifiedUs: 0 };
    return { version, head: new Uint8Array(), noFile: error };
  }
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
