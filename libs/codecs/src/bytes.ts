import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';

/**
 * Byte order of elements (Zarr v3 "bytes" codec): `endian` is "little" or "big". Decoded values are little-endian, as
 * typed arrays have them. `itemsize`, the width of an element, is added by the pipeline, which knows the data type.
 */
export const bytesCodec: Codec = {
  name: 'bytes',
  decode(bytes, configuration, decodedLength) {
    if (bytes.length !== decodedLength) {
      throw codecCorrupt('bytes', `${decodedLength} bytes`, String(bytes.length));
    }
    return toggleOrder(bytes, configuration);
  },
  encode: toggleOrder,
  encodedBound: (decodedLength) => decodedLength,
};

function toggleOrder(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array {
  const { endian } = configuration;
  if (endian !== undefined && endian !== 'little' && endian !== 'big') {
    throw codecUnsupported(
      'bytes',
      `expected "endian" to be "little" or "big", found ${JSON.stringify(endian)}`,
    );
  }
  const width = positiveInteger('bytes', configuration, 'itemsize');
  return endian === 'big' && width > 1 ? swapped(bytes, width) : bytes;
}

/** A copy with the bytes of each element reversed. Node's own swaps are vectorised. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  const view = Buffer.from(copy.buffer);
  if (width === 2) view.swap16();
  else if (width === 4) view.swap32();
  else view.swap64();
  return copy;
}
