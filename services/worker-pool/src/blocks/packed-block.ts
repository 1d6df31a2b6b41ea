import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompress } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { type EncodedPart, hasParts, joinParts, splitParts } from '@hyperslab/expression';

/*
 * A block as it lies on disk, so that one part of it can be read: "HSS1", 1 as uint32 if it is a block of parts and else 0, the
 * number of parts as uint32 (else 1), 4 zero bytes; for each part where it begins as uint64, its length here and as it was as uint32
 * each, its CRC-32 as it was as uint32, 4 zero bytes; then the parts. One that is shorter here is compressed by zstd. Little-endian.
 */

const magic = 0x31535348;
const headBytes = 16;
const entryBytes = 24;
/** A part of the first part is compressed to see whether that pays: reading what is no smaller than this share takes longer than it saves. */
const tried = 64 * 1024;
const worthIt = 0.5;
/** The fastest that still finds what repeats: harder tries take thrice the time for a few percent. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

interface Entry {
  start: number;
  stored: number;
  length: number;
  sum: number;
}

/** A block as it goes to disk. */
export interface PackedBlock {
  /** What is written, one behind the other. */
  pieces: Uint8Array[];
  /** Those of them that are not the block's own memory. */
  made: Uint8Array[];
}

/** Packs a block, compressed where that pays. */
export async function packBlock(block: Uint8Array): Promise<PackedBlock> {
  const isParts = hasParts(block);
  const parts = isParts ? splitParts(block) : [{ bytes: block, crc32: crc32(block) }];
  const sample = parts[0].bytes.subarray(0, tried);
  const pays = sample.length > 0 && (await compress(sample, options)).length < worthIt * sample.length;
  const stored = pays
    ? await Promise.all(parts.map(({ bytes }) => packPart(bytes)))
    : parts.map(({ bytes }) => bytes);
  const head = new Uint8Array(headBytes + parts.length * entryBytes);
  const view = viewOf(head);
  view.setUint32(0, magic, true);
  view.setUint32(4, isParts ? 1 : 0, true);
  view.setUint32(8, parts.length, true);
  let start = head.length;
  parts.forEach(({ bytes, crc32: sum }, part) => {
    const at = headBytes + part * entryBytes;
    view.setBigUint64(at, BigInt(start), true);
    view.setUint32(at + 8, stored[part].length, true);
    view.setUint32(at + 12, bytes.length, true);
    view.setUint32(at + 16, sum, true);
    start += stored[part].length;
  });
  return {
    pieces: [head, ...stored],
    made: pays ? stored.filter(({ buffer }) => buffer !== block.buffer) : [],
  };
}

/**
 * The block that was packed, in memory of `allocate`.
 * @throws HyperslabError FORMAT_CORRUPT
 */
export async function unpackBlock(
  packed: Uint8Array,
  allocate: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const { isParts, count } = headOf(packed);
  if (headBytes + count * entryBytes > packed.length) throw corrupt(`it claims ${count} parts`);
  const entries = Array.from({ length: count }, (_, part) =>
    entryOf(packed.subarray(headBytes + part * entryBytes)),
  );
  const parts = await Promise.all(
    entries.map((entry) => unpackPart(packed.subarray(entry.start, entry.start + entry.stored), entry)),
  );
  if (isParts) return joinParts(parts, allocate);
  const block = allocate(parts[0].bytes.length);
  block.set(parts[0].bytes);
  return block;
}

/**
 * A part of a block of parts that was packed. `read` answers a range of it, or less where it ends.
 * @throws HyperslabError FORMAT_CORRUPT, and what `read` throws
 */
export async function readPackedPart(
  read: (start: number, length: number) => Promise<Uint8Array>,
  part: number,
): Promise<EncodedPart> {
  const { isParts, count } = headOf(await read(0, headBytes));
  if (!isParts || !(part < count))
    throw corrupt(`it has ${isParts ? count : 'no'} parts, and not number ${part}`);
  const entry = entryOf(await read(headBytes + part * entryBytes, entryBytes));
  return unpackPart(await read(entry.start, entry.stored), entry);
}

async function packPart(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(bytes, options);
  return packed.length < bytes.length ? packed : bytes;
}

async function unpackPart(stored: Uint8Array, entry: Entry): Promise<EncodedPart> {
  if (stored.length !== entry.stored) throw corrupt('it is cut off');
  if (entry.stored === entry.length) return { bytes: stored, crc32: entry.sum };
  try {
    const bytes = await decompress(stored, { maxOutputLength: Math.max(1, entry.length) });
    if (bytes.length === entry.length) return { bytes, crc32: entry.sum };
  } catch (error) {
    throw corrupt('a part is not what zstd makes', error);
  }
  throw corrupt('a part has another length');
}

function headOf(bytes: Uint8Array): { isParts: boolean; count: number } {
  if (bytes.length < headBytes || viewOf(bytes).getUint32(0, true) !== magic)
    throw corrupt('its first bytes are not "HSS1"');
  const kind = viewOf(bytes).getUint32(4, true);
  const count = viewOf(bytes).getUint32(8, true);
  if (kind > 1 || (kind === 0 && count !== 1)) throw corrupt('it has no valid head');
  return { isParts: kind === 1, count };
}

function entryOf(bytes: Uint8Array): Entry {
  if (bytes.length < entryBytes) throw corrupt('it is cut off');
  const view = viewOf(bytes);
  const start = Number(view.getBigUint64(0, true));
  const [stored, length, sum] = [8, 12, 16].map((at) => view.getUint32(at, true));
  if (!(start <= Number.MAX_SAFE_INTEGER) || stored > length) throw corrupt('a part has no valid entry');
  return { start, stored, length, sum };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function corrupt(what: string, cause?: unknown): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `spilled block is damaged: ${what}; it is made again`,
    {},
    cause,
  );
}
