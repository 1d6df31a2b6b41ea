import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { IndexPackFooter } from '@hyperslab/proto/index';
import { nameBytes } from './index-name.ts';

// A pack: frames, the footer, its length (uint32, little-endian), "HSLKEPT1". Frames and footer are zstd with a checksum each.
const magic = Buffer.from('HSLKEPT1');
/** Bytes after the footer, which tell where it begins. */
const trailerBytes = 4 + magic.length;

// A frame is what an index task answered, and that is less than a message may be; the footer of a million indexes is 16 MB.
const mostBytes = 256 * 1024 * 1024;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 3 };

/** Compresses a FileIndexBatch, encoded. */
export async function encodeFrame(batch: Uint8Array): Promise<Uint8Array> {
  return compress(batch, { params });
}

/** @throws what zlib throws for bytes that are no whole frame, or stand for too many */
export async function decodeFrame(frame: Uint8Array): Promise<Buffer> {
  return decompress(frame, { maxOutputLength: mostBytes });
}

/** What comes after the frames. */
export async function encodeFooter(footer: IndexPackFooter): Promise<Uint8Array> {
  const bytes = await compress(IndexPackFooter.encode(footer).finish(), { params });
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32LE(bytes.length);
  trailer.set(magic, 4);
  return Buffer.concat([bytes, trailer]);
}

/** Length of the footer with its trailer, of which `tail` has the last bytes. Throws CHECKSUM_MISMATCH when it is none. */
export function footerLength(tail: Uint8Array, size: number): number {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  const isPack = end.length >= trailerBytes && end.subarray(-magic.length).equals(magic);
  const length = isPack ? end.readUInt32LE(end.length - trailerBytes) + trailerBytes : 0;
  if (!isPack || length > size) throw noPack('a footer at its end');
  return length;
}

/**
 * The footer of a pack of so many bytes; `bytes` are those from where it begins.
 * @throws HyperslabError CHECKSUM_MISMATCH when it says what can't be; what zlib throws
 */
export async function decodeFooter(bytes: Uint8Array, size: number): Promise<IndexPackFooter> {
  const footer = IndexPackFooter.decode(await decodeFrame(bytes.subarray(0, bytes.length - trailerBytes)));
  const { frames, counts, names } = footer;
  const framesEnd = frames.reduce((sum, length) => sum + length, 0);
  const indexes = counts.reduce((sum, count) => sum + count, 0);
  if (framesEnd + bytes.length !== size || counts.length !== frames.length)
    throw noPack('frames that fill it');
  if (indexes * nameBytes !== names.length) throw noPack(`${indexes} names`);
  return footer;
}

function noPack(expected: string): HyperslabError {
  return new HyperslabError('CHECKSUM_MISMATCH', `pack of kept indexes: expected ${expected}; it is damaged`);
}
