import { BitReader } from '../bit-reader.ts';
import type { Codec, CodecConfiguration } from '../codec.ts';
import { checksumMismatch, codecCorrupt } from '../codec-error.ts';
import { readBlock } from './block.ts';
import { bzip2Crc } from './crc32.ts';

const blockMagic = [0x314159, 0x265359];
const endMagic = [0x177245, 0x385090];

/** bzip2 streams: HDF5's filter 307, "bz2" of numcodecs. Only read. */
export const bzip2Codec: Codec = {
  name: 'bz2',
  decode,
  // The bound that its manual gives.
  encodedBound: (decodedLength) => decodedLength + Math.ceil(decodedLength / 100) + 600,
};

function decode(bytes: Uint8Array, _configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const reader = new BitReader('bz2', bytes);
  const out = new Output(decodedLength, 8 * bytes.length);
  const magic = reader.bits(24);
  const level = reader.bits(8) - 0x30;
  if (magic !== 0x425a68 || level < 1 || level > 9) {
    throw codecCorrupt('bz2', 'a stream that begins with BZh1 to BZh9', `0x${magic.toString(16)}`);
  }
  let combined = 0;
  for (;;) {
    const found = [reader.bits(24), reader.bits(24)];
    const checksum = reader.bits(32);
    if (found[0] === endMagic[0] && found[1] === endMagic[1]) {
      if (checksum !== combined) throw mismatch(checksum, combined);
      return out.bytes();
    }
    if (found[0] !== blockMagic[0] || found[1] !== blockMagic[1]) {
      throw codecCorrupt('bz2', 'a block or the end of the stream', `0x${found[0].toString(16)}`);
    }
    const start = out.length;
    out.appendRuns(readBlock(reader, level * 100_000));
    const computed = bzip2Crc(out.bytes().subarray(start));
    if (checksum !== computed) throw mismatch(checksum, computed);
    combined = (((combined << 1) | (combined >>> 31)) ^ computed) >>> 0;
  }
}

function mismatch(stored: number, computed: number): Error {
  return checksumMismatch('bz2', stored.toString(16), computed.toString(16));
}

/** What comes out, in a buffer that grows no further than is allowed. */
class Output {
  length = 0;
  #bytes: Uint8Array;
  readonly #most: number;

  constructor(most: number, likely: number) {
    this.#most = most;
    this.#bytes = new Uint8Array(Math.min(most, likely));
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** Adds bytes of which four equal ones are followed by how many more there are. */
  appendRuns(bytes: Uint8Array): void {
    let equal = 0;
    for (let i = 0; i < bytes.length; i++) {
      const count = equal === 4 ? bytes[i] : 1;
      if (this.length + count > this.#bytes.length) this.#grow(this.length + count);
      if (equal === 4) {
        this.#bytes.fill(bytes[i - 1], this.length, this.length + count);
        equal = 0;
      } else {
        equal = equal > 0 && bytes[i] === bytes[i - 1] ? equal + 1 : 1;
        this.#bytes[this.length] = bytes[i];
      }
      this.length += count;
    }
  }

  #grow(least: number): void {
    if (least > this.#most) throw codecCorrupt('bz2', `at most ${this.#most} bytes to come out`, 'more');
    const grown = new Uint8Array(Math.min(this.#most, Math.max(least, 2 * this.#bytes.length)));
    grown.set(this.bytes());
    this.#bytes = grown;
  }
}
