import type { Codec, Layout } from '@hyperslab/proto/array';
import { digit, type PpHeader } from './header.ts';
import type { LandMask } from './land-mask.ts';
import type { PpField } from './read-fields.ts';
import type { WordFormat } from './word-format.ts';

/** How the values of a field are stored. */
export interface FieldStorage {
  dtype: 'float32' | 'float64' | 'int32' | 'int64';
  /** Rows and columns. */
  shape: [rows: number, columns: number];
  /** Bytes of the chunk, from the field's offset on. */
  length: number;
  layout: Layout;
  /** Why the values can't be computed; empty when they can. */
  notComputable: string;
}

/** A field is one chunk, that is decoded whole: no model has so many points. */
const mostPoints = 2 ** 27;

/** A mask is a part of each layout, so of each parameter: longer ones would outgrow the index. */
const longestMaskText = 256 * 1024;

/** Digits of LBPACK, the last one first (UM documentation paper F3, "LBPACK"). */
interface Packing {
  /** N1: 0 none, 1 WGDOS, 2 words of 32 bits, 3 GRIB, 4 run length. */
  method: number;
  /** N2: 0 none, 1 by field indices, 2 by a mask. */
  compression: number;
  /** N3: with a mask, 1 for land points and 2 for sea points. */
  points: number;
  /** N4: 0 native, 1 IBM, 2 Cray, 3 IEEE, 4 GRIB, 5 VAX. */
  numbers: number;
}

/**
 * How the values of a field are stored, by LBPACK and LBUSER1, the type. What can't be decoded, or does not agree with the
 * header, is described with the reason. Undefined when not even the shape is known.
 */
export function storageOf(
  field: PpField,
  words: WordFormat,
  mask: LandMask | undefined,
): FieldStorage | undefined {
  const { header } = field;
  const packing = packingOf(header);
  const isMasked = packing.compression === 2;
  const shape = isMasked && mask !== undefined ? mask.shape : shapeOf(header);
  if (shape === undefined) return undefined;
  const isInteger = [2, 3].includes(Math.abs(header.lbuser1));
  const width = packing.method === 2 ? 4 : words.wordBytes;
  const dtype = `${isInteger ? 'int' : 'float'}${width === 4 ? 32 : 64}` as FieldStorage['dtype'];
  const [rows, columns] = shape;
  const plain = rows * columns * width;
  const codecs = codecsOf(packing, field, words, width, shape, mask);
  const isPlain = [0, 2].includes(packing.method) && !isMasked;
  const notComputable =
    typeof codecs === 'string'
      ? codecs
      : (typeReason(header, packing, isInteger) ??
        (rows * columns > mostPoints
          ? `its ${rows} × ${columns} points are more than one chunk may hold`
          : undefined) ??
        (isPlain && field.dataBytes < plain
          ? `its record holds ${field.dataBytes} bytes of data, and LBROW × LBNPT are ${rows} × ${columns} words of ${width}`
          : ''));
  return {
    dtype,
    shape,
    // Some writers round records up.
    length: isPlain && notComputable === '' ? plain : field.dataBytes,
    layout: {
      storedDtype: dtype,
      chunkShape: [...shape],
      codecs: typeof codecs === 'string' ? [bytes(words.order)] : codecs,
      edgeChunksPadded: true,
    },
    notComputable,
  };
}

/** Whether only land or sea points of a field are stored. */
export function isMasked(header: PpHeader): boolean {
  return packingOf(header).compression === 2;
}

function packingOf({ lbpack }: PpHeader): Packing {
  // A negative number is no packing; its method is one that nobody knows.
  if (lbpack < 0) return { method: -1, compression: 0, points: 0, numbers: 0 };
  return {
    method: digit(lbpack, 0),
    compression: digit(lbpack, 1),
    points: digit(lbpack, 2),
    numbers: Math.floor(lbpack / 1000),
  };
}

function shapeOf({ lbrow, lbnpt }: PpHeader): [number, number] | undefined {
  return lbrow > 0 && lbnpt > 0 ? [lbrow, lbnpt] : undefined;
}

/** Codecs in the order of encoding, or why there are none. */
function codecsOf(
  { method, compression, points, numbers }: Packing,
  { header }: PpField,
  { order, wordBytes }: WordFormat,
  width: number,
  [rows, columns]: [number, number],
  mask: LandMask | undefined,
): Codec[] | string {
  const missing = header.bmdi;
  const isNative = numbers === 0 || numbers === 3 || (numbers === 2 && wordBytes === 4);
  if (!isNative) return `its numbers are not IEEE ones (LBPACK ${header.lbpack})`;
  if (method === 3) return `it is packed as GRIB (LBPACK ${header.lbpack})`;
  if (![0, 1, 2, 4].includes(method)) return `its packing is not known (LBPACK ${header.lbpack})`;
  if (![0, 2].includes(compression)) return `it is compressed by field indices (LBPACK ${header.lbpack})`;
  if ([1, 4].includes(method) && !Number.isFinite(missing)) return 'its BMDI is no number';
  if (compression === 2) {
    if (method !== 0 && method !== 2) {
      return `its land or sea points are packed further (LBPACK ${header.lbpack})`;
    }
    if (points !== 1 && points !== 2) return `it is compressed by an unknown mask (LBPACK ${header.lbpack})`;
    if (mask === undefined) {
      return 'only its land or sea points are stored, and the land/sea mask (m01s00i030) is not in its file';
    }
    const text = points === 1 ? mask.land : mask.sea;
    if (text.length > longestMaskText) return 'the land/sea mask that it needs is too large for the index';
    const stored = encodedMissing(header, width, order);
    return [bytes(order), codec('pp_land_sea', { width, missing: stored, mask: text })];
  }
  if (method === 1) return [bytes('little'), codec('pp_wgdos', { rows, columns, width, missing })];
  if (method === 4) return [bytes(order), codec('pp_run_length', { width, endian: order, missing })];
  return [bytes(order)];
}

function typeReason({ lbuser1 }: PpHeader, { method }: Packing, isInteger: boolean): string | undefined {
  if (lbuser1 < 0) return `it is a time series (LBUSER1 ${lbuser1})`;
  // Writers that do not know the word leave it 0.
  if (lbuser1 > 3) return `its data type is not known (LBUSER1 ${lbuser1})`;
  return isInteger && method !== 0 ? `its integers are packed (LBUSER1 ${lbuser1})` : undefined;
}

/** BMDI as a stored element, in hexadecimal. */
function encodedMissing({ bmdi, lbuser1 }: PpHeader, width: number, order: 'little' | 'big'): string {
  const view = new DataView(new ArrayBuffer(width));
  const little = order === 'little';
  const whole = Number.isSafeInteger(bmdi) ? bmdi : 0;
  if (lbuser1 === 2 || lbuser1 === 3) {
    if (width === 4) view.setInt32(0, whole, little);
    else view.setBigInt64(0, BigInt(whole), little);
  } else if (width === 4) view.setFloat32(0, bmdi, little);
  else view.setFloat64(0, bmdi, little);
  return Buffer.from(view.buffer).toString('hex');
}

function bytes(endian: 'little' | 'big'): Codec {
  return codec('bytes', { endian });
}

function codec(name: string, configuration: object): Codec {
  return { name, configuration: JSON.stringify(configuration) };
}
