import type { Json } from '../json/parse-json.ts';
import type { ElementType } from './element-type.ts';
import { wholeNumber } from './metadata-fields.ts';
import type { FillValue } from './zarr-array.ts';

const words: Record<string, number> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

/**
 * What an unwritten element holds, in any spelling of either version (Zarr v2 specification, "Fill value encoding"; v3,
 * "Permitted fill values"). Undefined for null, 'invalid' for what is no value of the type.
 */
export function parseFillValue(value: Json | undefined, element: ElementType): FillValue | 'invalid' {
  if (value === null || value === undefined || element.reason !== '') return undefined;
  if (element.dtype === 'string') return textFill(value, element);
  if (element.dtype === 'char') return charFill(value);
  if (element.isBoolean === true) {
    const number = typeof value === 'boolean' ? Number(value) : wholeNumber(value);
    return number === 0 || number === 1 ? number : 'invalid';
  }
  return element.dtype.startsWith('float') ? floatFill(value, element) : integerFill(value, element);
}

function floatFill(value: Json, { width }: ElementType): FillValue | 'invalid' {
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (width === 2) return Math.f16round(Number(value));
    return width === 4 ? Math.fround(Number(value)) : Number(value);
  }
  if (typeof value !== 'string') return 'invalid';
  if (Object.hasOwn(words, value)) return words[value];
  // The bits of the number in hexadecimal: which NaN it is, say.
  if (!/^0x[\da-fA-F]+$/.test(value) || value.length !== 2 + 2 * width) return 'invalid';
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(value) << BigInt(64 - 8 * width));
  if (width === 2) return view.getFloat16(0);
  return width === 4 ? view.getFloat32(0) : view.getFloat64(0);
}

function integerFill(value: Json, { dtype, width, time }: ElementType): FillValue | 'invalid' {
  if (value === 'NaT' && time !== undefined) return -(2n ** 63n);
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!isWhole) return 'invalid';
  const whole = BigInt(value as bigint | number);
  const bits = BigInt(8 * width);
  const unsigned = dtype.startsWith('u');
  const [least, most] = unsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return whole >= least && whole <= most ? whole : 'invalid';
}

/** Texts of v2 with a fixed number of bytes are in base64; 0 stands for an empty text there. */
function textFill(value: Json, { text }: ElementType): FillValue | 'invalid' {
  if (value === 0n || value === 0) return '';
  if (typeof value !== 'string') return 'invalid';
  return text === 'fixed' ? Buffer.from(value, 'base64').toString('utf8').replace(/\0+$/, '') : value;
}

function charFill(value: Json): FillValue | 'invalid' {
  if (value === 0n || value === '') return 0;
  return typeof value === 'string' ? (Buffer.from(value, 'base64')[0] ?? 'invalid') : 'invalid';
}
