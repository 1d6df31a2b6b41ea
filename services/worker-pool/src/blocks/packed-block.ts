import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { hasParts } from '@hyperslab/expression';

/*
 * A block as it lies on disk. A block of parts is there as it is: parts are compressed by who made them, and read one by one. Any other:
 * "HSS1", 1 as uint32 if it is compressed by zstd and else 0, its length as uint64; then the block. Little-endian.
 */

const magic = 0x31535348;
const headBytes = 16;
/** The first bytes are compressed to see whether that pays: reading what is no smaller than this share takes longer than it saves. */
const tried = 64 * 1024;
const leastTried = 1024;
const worthIt = 0.5;
/** The fastest that still finds what repeats. */
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A block as it goes to disk. */
export interface PackedBlock {
  /** What is written, one behind the other. */
  pieces: Uint8Array[];
  /** The one of them that is not the block's own memory, and large. */
  made?: Uint8Array;
}

/** Packs a block, compressed where that pays. */
export async function packBlock(block: Uint8Array): Promise<PackedBlock> {
  if (hasParts(block)) return { pieces: [block] };
  const sample = block.subarray(0, tried);
  const pays =
    sample.length >= leastTried && (await compress(sample, fastest)).length < worthIt * sample.length;
  const made = pays ? await compress(block, fastest) : undefined;
  const head = new Uint8Array(headBytes);
  const view = new DataView(head.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, pays ? 1 : 0, true);
  view.setBigUint64(8, BigInt(block.length), true);
  return { pieces: [head, made ?? block], made };
}

/**
 * The block that was packed, in memory of `allocate`.
 * @param length that the block has
 * @throws HyperslabError FORMAT_CORRUPT
 */
export async function unpackBlock(
  packed: Uint8Array,
  length: number,
  allocate: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const stored = hasParts(packed) ? packed : await unpack(packed, length);
  if (stored.length !== length) throw corrupt(`it has ${stored.length} bytes, and had ${length}`);
  const block = allocate(length);
  block.set(stored);
  return block;
}

async function unpack(packed: Uint8Array, length: number): Promise<Uint8Array> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < headBytes || view.getUint32(0, true) !== magic)
    throw corrupt('its first bytes are not "HSS1"');
  const kind = view.getUint32(4, true);
  if (kind > 1 || view.getBigUint64(8, true) !== BigInt(length)) throw corrupt('it has no valid head');
  const stored = packed.subarray(headBytes);
  if (kind === 0) return stored;
  try {
    return await decompress(stored, { maxOutputLength: Math.max(1, length) });
  } catch (error) {
    throw corrupt('it is not what zstd makes', error);
  }
}

function corrupt(what: string, cause?: unknown): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `spilled block is damaged: ${what}; it is made again`,
    {},
    cause,
  );
}
