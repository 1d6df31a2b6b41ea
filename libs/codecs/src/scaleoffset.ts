import { BitReader } from './bit-reader.ts';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';

// Bits of a packed value, the width of the minimum, the minimum in 8 bytes, and 8 bytes that are kept free.
const headerBytes = 21;

/**
 * HDF5's scale-offset filter (H5Z_FILTER_SCALEOFFSET, 6): differences to the smallest value of the chunk in as few bits as
 * they need; of floats, after a multiplication with a power of ten. Configuration: `type` "integer" or "float"; `size` 1, 2,
 * 4 or 8 bytes; `endian` of what comes out; `decimals` of floats; `bits` where the writer fixed those of integers; `fill`, the
 * bytes of the fill value in hexadecimal and little-endian, where there is one: the largest packed value stands for it.
 * Only read.
 */
export const scaleoffsetCodec: Codec = {
  name: 'scaleoffset',
  decode,
  encodedBound: (decodedLength) => decodedLength + headerBytes + 1,
};

interface Packing {
  isFloat: boolean;
  size: 1 | 2 | 4 | 8;
  decimals: number;
  fill?: Uint8Array;
}

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const packing = packingOf(configuration);
  const { size } = packing;
  // With all bits of an integer, the filter does nothing.
  if (configuration.bits === 8 * size) return bytes;
  if (bytes.length < headerBytes) {
    throw codecCorrupt('scaleoffset', `at least ${headerBytes} bytes`, String(bytes.length));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const bits = view.getUint32(0, true);
  const minimum = bytes.slice(5, 5 + Math.min(8, bytes[4]));
  if (bits > 8 * size) throw codecCorrupt('scaleoffset', `at most ${8 * size} bits a value`, String(bits));
  const count = Math.floor(decodedLength / size);
  const packed = bytes.subarray(headerBytes);
  if (count * bits > 8 * packed.length) {
    throw codecCorrupt('scaleoffset', `${count} values of ${bits} bits`, `${packed.length} bytes`);
  }
  const out = new Uint8Array(count * size);
  if (bits === 8 * size) out.set(packed.subarray(0, out.length));
  else unpack(new BitReader('scaleoffset', packed), bits, padded(minimum), packing, out);
  return configuration.endian === 'big' ? swapped(out, size) : out;
}

function packingOf(configuration: CodecConfiguration): Packing {
  const { type, size, decimals, fill } = configuration;
  const isFloat = type === 'float';
  const sizes = isFloat ? [4, 8] : [1, 2, 4, 8];
  if ((!isFloat && type !== 'integer') || !sizes.includes(size as number)) {
    throw codecUnsupported('scaleoffset', `expected integers or floats, found ${type} of ${size} bytes`);
  }
  return {
    isFloat,
    size: size as Packing['size'],
    decimals: Number(decimals ?? 0),
    fill: typeof fill === 'string' ? padded(Buffer.from(fill, 'hex')) : undefined,
  };
}

/** Little-endian bytes with zeros up to 8. */
function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(8);
  result.set(bytes.subarray(0, 8));
  return result;
}

/** Fills `out`, little-endian. Values of 64 bits are added up in two halves: bigints would take ten times as long. */
function unpack(
  reader: BitReader,
  bits: number,
  minimum: Uint8Array,
  packing: Packing,
  out: Uint8Array,
): void {
  const { size, fill } = packing;
  const lowBits = Math.min(32, bits);
  const highBits = bits - lowBits;
  const put = packing.isFloat ? floatsFrom(minimum, packing, out) : integersFrom(minimum, size, out);
  // All bits set.
  const highest = 2 ** highBits - 1;
  const lowest = 2 ** lowBits - 1;
  for (let i = 0; i < out.length / size; i++) {
    const high = reader.bits(highBits);
    const low = reader.bits(lowBits);
    if (fill !== undefined && high === highest && low === lowest) out.set(fill.subarray(0, size), i * size);
    else put(i, high, low);
  }
}

type Put = (index: number, high: number, low: number) => void;

function integersFrom(minimum: Uint8Array, size: Packing['size'], out: Uint8Array): Put {
  const view = new DataView(minimum.buffer);
  const leastLow = view.getUint32(0, true);
  if (size === 8) {
    const halves = new Uint32Array(out.buffer);
    const leastHigh = view.getUint32(4, true);
    return (i, high, low) => {
      const sum = low + leastLow;
      halves[2 * i] = sum;
      halves[2 * i + 1] = high + leastHigh + (sum > 0xffffffff ? 1 : 0);
    };
  }
  const values = size === 4 ? new Uint32Array(out.buffer) : size === 2 ? new Uint16Array(out.buffer) : out;
  return (i, _high, low) => {
    values[i] = low + leastLow;
  };
}

/** Every step is rounded to the type of the values, as HDF5's are. */
function floatsFrom(minimum: Uint8Array, { size, decimals }: Packing, out: Uint8Array): Put {
  const view = new DataView(minimum.buffer);
  if (size === 4) {
    const values = new Float32Array(out.buffer);
    const least = view.getFloat32(0, true);
    const divisor = Math.fround(10 ** decimals);
    return (i, _high, low) => {
      values[i] = Math.fround(Math.fround(low | 0) / divisor) + least;
    };
  }
  const values = new Float64Array(out.buffer);
  const least = view.getFloat64(0, true);
  const divisor = 10 ** decimals;
  return (i, high, low) => {
    values[i] = (high * 2 ** 32 + low) / divisor + least;
  };
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const view = Buffer.from(bytes.buffer);
  if (size === 2) view.swap16();
  else if (size === 4) view.swap32();
  else if (size === 8) view.swap64();
  return bytes;
}
