import type { Codec, CodecConfiguration } from './codec.ts';
import { checksumMismatch, codecCorrupt, codecUnsupported } from './codec-error.ts';

const checksumBytes = 4;

type Place = 'start' | 'end';

/**
 * A codec that adds a 32-bit checksum (little-endian) of the bytes to them: before them or behind, as `location` of
 * its configuration says, or `usualPlace`.
 */
export function storedChecksumCodec(
  name: string,
  checksum: (bytes: Uint8Array) => number,
  usualPlace: Place,
): Codec {
  const placeOf = ({ location = usualPlace }: CodecConfiguration): Place => {
    if (location === 'start' || location === 'end') return location;
    throw codecUnsupported(
      name,
      `expected "location" to be "start" or "end", found ${JSON.stringify(location)}`,
    );
  };
  return {
    name,
    decode(bytes, configuration) {
      if (bytes.length < checksumBytes)
        throw codecCorrupt(name, `at least ${checksumBytes} bytes`, `${bytes.length}`);
      const end = bytes.length - checksumBytes;
      const atStart = placeOf(configuration) === 'start';
      const data = atStart ? bytes.subarray(checksumBytes) : bytes.subarray(0, end);
      const stored = viewOf(bytes).getUint32(atStart ? 0 : end, true);
      const computed = checksum(data);
      if (stored !== computed) throw checksumMismatch(name, hex(stored), hex(computed));
      return data;
    },
    encode(bytes, configuration) {
      const atStart = placeOf(configuration) === 'start';
      const result = new Uint8Array(bytes.length + checksumBytes);
      result.set(bytes, atStart ? checksumBytes : 0);
      viewOf(result).setUint32(atStart ? 0 : bytes.length, checksum(bytes), true);
      return result;
    },
    encodedBound: (decodedLength) => decodedLength + checksumBytes,
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
