import type { Codec } from '@hyperslab/proto/array';
import { digit, type PpHeader } from './header.ts';
import type { LandMask } from './land-mask.ts';
import type { WordFormat } from './word-format.ts';

/** A mask is a part of each layout, so of each parameter: longer ones would outgrow the index (decision 0032). */
const longestMaskText = 256 * 1024;

/** Digits of LBPACK, the last one first (UM documentation paper F3, "LBPACK"). */
export interface Packing {
  /** N1: 0 none, 1 WGDOS, 2 words of 32 bits, 3 GRIB, 4 run length. */
  method: number;
  /** N2: 0 none, 1 by field indices, 2 by a mask. */
  compression: number;
  /** N3: with a mask, 1 for land points and 2 for sea points. */
  points: number;
  /** N4: 0 native, 1 IBM, 2 Cray, 3 IEEE, 4 GRIB, 5 VAX. */
  numbers: number;
}

export function packingOf({ lbpack }: PpHeader): Packing {
  // A negative number is no packing; its method is one that nobody knows.
  if (lbpack < 0) return { method: -1, compression: 0, points: 0, numbers: 0 };
  return {
    method: digit(lbpack, 0),
    compression: digit(lbpack, 1),
    points: digit(lbpack, 2),
    numbers: Math.floor(lbpack / 1000),
  };
}

/** What decides on the codecs of a field beside its packing. */
export interface PackedField {
  header: PpHeader;
  words: WordFormat;
  /** Bytes of a value. */
  width: 4 | 8;
  shape: [rows: number, columns: number];
  mask: LandMask | undefined;
}

/** Codecs of a packing in the order of encoding, or the reason why there are none. */
export function packingCodecs(packing: Packing, field: PackedField): Codec[] | string {
  const { method, compression, numbers } = packing;
  const { header, words, width, shape } = field;
  const said = `(LBPACK ${header.lbpack})`;
  // Cray's own numbers have 64 bits; where words have 32, the digit is a remnant of the machine that wrote the file first.
  const isNative = numbers === 0 || numbers === 3 || (numbers === 2 && words.wordBytes === 4);
  if (!isNative) return `its numbers are not IEEE ones ${said}`;
  if (method === 3) return `it is packed as GRIB ${said}`;
  if (![0, 1, 2, 4].includes(method)) return `its packing is not known ${said}`;
  if (compression === 2) return maskCodecs(packing, field);
  if (compression !== 0) return `it is compressed by field indices ${said}`;
  const { bmdi: missing } = header;
  const [rows, columns] = shape;
  if ([1, 4].includes(method) && !Number.isFinite(missing)) return 'its BMDI is no number';
  if (method === 1) {
    return [bytesCodec('little'), codec('pp_wgdos', { rows, columns, width, missing })];
  }
  const { order } = words;
  if (method === 4) return [bytesCodec(order), codec('pp_run_length', { width, endian: order, missing })];
  return [bytesCodec(order)];
}

function maskCodecs(
  { method, points }: Packing,
  { header, words, width, mask }: PackedField,
): Codec[] | string {
  if (method !== 0 && method !== 2) {
    return `its land or sea points are packed further (LBPACK ${header.lbpack})`;
  }
  if (points !== 1 && points !== 2) return `it is compressed by an unknown mask (LBPACK ${header.lbpack})`;
  if (mask === undefined) {
    return 'only its land or sea points are stored, and the land/sea mask (m01s00i030) is not in its file';
  }
  const text = points === 1 ? mask.land : mask.sea;
  if (text.length > longestMaskText) return 'the land/sea mask that it needs is too large for the index';
  const missing = storedMissing(header, width, words.order);
  return [bytesCodec(words.order), codec('pp_land_sea', { width, missing, mask: text })];
}

/** BMDI as a stored element, in hexadecimal. */
function storedMissing({ bmdi, lbuser1 }: PpHeader, width: number, order: 'little' | 'big'): string {
  const view = new DataView(new ArrayBuffer(width));
  const little = order === 'little';
  const whole = Number.isSafeInteger(bmdi) ? bmdi : 0;
  if (isIntegerType(lbuser1)) {
    if (width === 4) view.setInt32(0, whole, little);
    else view.setBigInt64(0, BigInt(whole), little);
  } else if (width === 4) view.setFloat32(0, bmdi, little);
  else view.setFloat64(0, bmdi, little);
  return Buffer.from(view.buffer).toString('hex');
}

/** Whether LBUSER1 is the type of integers or logicals; those of time series are negative. */
export function isIntegerType(lbuser1: number): boolean {
  return [2, 3].includes(Math.abs(lbuser1));
}

/** The codec of the byte order of words. */
export function bytesCodec(endian: 'little' | 'big'): Codec {
  return codec('bytes', { endian });
}

function codec(name: string, configuration: object): Codec {
  return { name, configuration: JSON.stringify(configuration) };
}
