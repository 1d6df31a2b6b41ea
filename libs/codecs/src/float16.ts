import type { Codec, CodecConfiguration } from './codec.ts';
import { wholeElements } from './whole-elements.ts';

/**
 * IEEE half precision as stored type of float32 values, which hold it exactly: two bytes an element, `endian` "little" or
 * "big". It stands right after "bytes", which then has nothing to do. Only read.
 */
export const float16Codec: Codec = {
  name: 'float16',
  decode,
  encodedBound: (decodedLength) => decodedLength / 2,
};

function decode(bytes: Uint8Array, { endian }: CodecConfiguration, decodedLength: number): Uint8Array {
  wholeElements('float16', bytes, 2, decodedLength / 4);
  const halves = new Uint8Array(bytes);
  if (endian === 'big') Buffer.from(halves.buffer).swap16();
  return new Uint8Array(new Float32Array(new Float16Array(halves.buffer)).buffer);
}
