import { findCodec } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { FlatTable } from './flat-table.ts';

/** "ICE🧊CHUNK" in UTF-8, which every metadata file begins with. */
const magic = Buffer.from('ICE🧊CHUNK');

/** Magic, name of the writer (24 bytes), version of the specification, type of file, compression. */
const headerBytes = magic.length + 24 + 3;

const newestVersion = 2;

/** Types of files (specification 2.1, "Binary file format"). */
export const fileTypes = { snapshot: 1, manifest: 2, repo: 6 } as const;

/** No honest file comes near: 4 Mi references to chunks take about as much. */
const mostContentBytes = 512 * 1024 * 1024;

/** Indices and offsets differ from chunk to chunk: content of honest files is some ten times as long as what is stored. */
const largestRatio = 1024;

/** A metadata file, opened. */
export interface MetadataFile {
  /** Version of the specification that it is written by. */
  version: number;
  root: FlatTable;
  /** Length of its content, decompressed. */
  bytes: number;
}

/** The type of a metadata file by its first bytes; undefined when it is none. */
export function metadataFileType(head: Uint8Array): number | undefined {
  if (head.length < headerBytes || magic.compare(head, 0, magic.length) !== 0) return undefined;
  return head[headerBytes - 2];
}

/**
 * Opens a metadata file of a type: header, then a FlatBuffer, compressed by zstd or not (specification 2.1, "Binary file
 * format"). Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED for what a later specification may have.
 */
export function openMetadataFile(bytes: Uint8Array, url: string, type: keyof typeof fileTypes): MetadataFile {
  const found = metadataFileType(bytes);
  if (found === undefined)
    throw formatCorrupt(url, 0, 'an Icechunk file, which begins with ICE🧊CHUNK', 'other bytes');
  const [version, , compression] = bytes.subarray(headerBytes - 3, headerBytes);
  if (version < 1 || version > newestVersion) {
    const what = `version ${version} of the Icechunk specification`;
    throw formatUnsupported(url, headerBytes - 3, what, `write the store by version ${newestVersion}`);
  }
  if (found !== fileTypes[type])
    throw formatCorrupt(url, headerBytes - 2, `file type ${fileTypes[type]} (${type})`, `type ${found}`);
  if (compression > 1)
    throw formatUnsupported(url, headerBytes - 1, `compression ${compression}`, 'write the store with zstd');
  const content = bytes.subarray(headerBytes);
  const plain = compression === 0 ? content : inflated(content, url);
  return { version, root: FlatTable.root(plain, url), bytes: plain.length };
}

function inflated(content: Uint8Array, url: string): Uint8Array {
  try {
    const mostBytes = Math.min(mostContentBytes, content.length * largestRatio);
    return findCodec('zstd').decode(content, {}, mostBytes);
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    const details = { ...error.details, url, offset: String(headerBytes) };
    const message = `${url} at byte ${headerBytes}: ${error.message}`;
    throw new HyperslabError(error.reason, message, details, error);
  }
}
