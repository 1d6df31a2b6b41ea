import { deflateSync, inflateSync } from 'node:zlib';
import type { Codec, CodecConfiguration } from '../codec.ts';
import { codecCorrupt, codecUnsupported } from '../codec-error.ts';
import { positiveInteger } from '../configuration.ts';

/**
 * Fields of the Met Office that hold land or sea points only (UM documentation paper F3, LBPACK N2 = 2): the stored
 * elements of `width` bytes go to the points that are set in `mask` (`packMask`), in order; all others get the bytes
 * `missing`, in hexadecimal. Elements past the last point are left out: writers round the length of a record up.
 */
export const landSeaCodec: Codec = {
  name: 'pp_land_sea',
  decode,
  encode,
  encodedBound: (decodedLength) => decodedLength,
};

/** A mask as text, for a configuration: one bit a point, the first the most significant, as a zlib stream in base64. */
export function packMask(mask: readonly boolean[]): string {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((set, i) => {
    if (set) bits[i >> 3] |= 0x80 >> (i & 7);
  });
  return deflateSync(bits, { level: 9 }).toString('base64');
}

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const { width, missing } = parameters(configuration);
  const points = pointsOf(configuration, decodedLength / width);
  if (points.length * width > bytes.length) {
    throw codecCorrupt('pp_land_sea', `${points.length} values`, String(Math.floor(bytes.length / width)));
  }
  const result = new Uint8Array(decodedLength);
  Buffer.from(result.buffer).fill(missing);
  // Elements are moved as words of 32 bits, which is many times faster than as stretches of bytes.
  const target = new Uint32Array(result.buffer);
  const source = new Uint32Array(new Uint8Array(bytes).buffer, 0, points.length * (width / 4));
  if (width === 4) for (let i = 0; i < points.length; i++) target[points[i]] = source[i];
  else {
    for (let i = 0; i < points.length; i++) {
      target[2 * points[i]] = source[2 * i];
      target[2 * points[i] + 1] = source[2 * i + 1];
    }
  }
  return result;
}

function encode(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array {
  const { width } = parameters(configuration);
  const points = pointsOf(configuration, bytes.length / width);
  const result = new Uint8Array(points.length * width);
  for (let i = 0; i < points.length; i++) {
    result.set(bytes.subarray(points[i] * width, (points[i] + 1) * width), i * width);
  }
  return result;
}

// A configuration is parsed once for all chunks of a layout, and so are its points.
const parsedPoints = new WeakMap<CodecConfiguration, { total: number; points: Uint32Array }>();

/** Indices of the points that are stored. */
function pointsOf(configuration: CodecConfiguration, total: number): Uint32Array {
  let parsed = parsedPoints.get(configuration);
  if (parsed?.total !== total) {
    parsed = { total, points: parsePoints(configuration, total) };
    parsedPoints.set(configuration, parsed);
  }
  return parsed.points;
}

function parsePoints({ mask }: CodecConfiguration, total: number): Uint32Array {
  const length = Math.ceil(total / 8);
  let bits: Uint8Array;
  try {
    bits = inflateSync(Buffer.from(String(mask), 'base64'), { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    throw codecCorrupt('pp_land_sea', `a mask of ${length} bytes`, (cause as Error).message, cause);
  }
  if (bits.length !== length)
    throw codecCorrupt('pp_land_sea', `a mask of ${length} bytes`, `${bits.length}`);
  const points: number[] = [];
  for (let i = 0; i < total; i++) if ((bits[i >> 3] & (0x80 >> (i & 7))) !== 0) points.push(i);
  return Uint32Array.from(points);
}

function parameters(configuration: CodecConfiguration) {
  const width = positiveInteger('pp_land_sea', configuration, 'width');
  const missing = Buffer.from(String(configuration.missing), 'hex');
  if ((width !== 4 && width !== 8) || missing.length !== width) {
    throw codecUnsupported(
      'pp_land_sea',
      `expected "width" to be 4 or 8 and "missing" so many bytes, found ${width} and ${JSON.stringify(configuration.missing)}`,
    );
  }
  return { width, missing };
}
