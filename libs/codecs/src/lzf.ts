import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt } from './codec-error.ts';
import { copyLiterals, copyMatch } from './copy-match.ts';

// Three bytes stand for a match of 264 at most.
const largestRatio = 88;

/** h5py's LZF filter (32000), which is LibLZF's format without a frame. Only read. */
export const lzfCodec: Codec = {
  name: 'lzf',
  decode,
  // A control byte before each 32 literals.
  encodedBound: (decodedLength) => decodedLength + Math.ceil(decodedLength / 32) + 1,
};

function decode(bytes: Uint8Array, _configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const out = new Uint8Array(Math.min(decodedLength, bytes.length * largestRatio));
  let from = 0;
  let to = 0;
  const next = () => {
    if (from >= bytes.length) throw codecCorrupt('lzf', 'the rest of a match', 'the end of the stream');
    return bytes[from++];
  };
  while (from < bytes.length) {
    const control = bytes[from++];
    if (control < 32) {
      copyLiterals('lzf', out, to, bytes, from, control + 1);
      from += control + 1;
      to += control + 1;
      continue;
    }
    const length = (control >> 5) + 2 + (control >> 5 === 7 ? next() : 0);
    const distance = ((control & 31) << 8) + next() + 1;
    copyMatch('lzf', out, to, distance, length);
    to += length;
  }
  return out.subarray(0, to);
}
