import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';
import {
  allocateValues,
  copyRegion,
  type DataType,
  elementCount,
  encodeValues,
  giveBack,
  itemSize,
  type MaskedArray,
  type NumericValues,
} from '@hyperslab/array';
import { shuffle } from '@hyperslab/netcdf-writer';
import type { Fill } from '../cf/fill.ts';
import { isText, type ZarrEncoding } from './zarr-types.ts';

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

/**
 * A chunk as it is stored, whole, with fill values past the edge of the array. The values may be changed once this has returned its
 * promise.
 * @param shape of the values
 * @param chunk extents of a whole chunk
 */
export function encodeZarrChunk(
  { dtype, values }: Pick<MaskedArray, 'dtype' | 'values'>,
  shape: readonly number[],
  chunk: readonly number[],
  fill: Fill | undefined,
  encoding: ZarrEncoding,
): Promise<Uint8Array> {
  const bytes = isText(dtype)
    ? encodeTexts(padTexts(textsOf(values), shape, chunk))
    : padNumbers(dtype, values as NumericValues, shape, chunk, fill ?? 0);
  const isShuffled = encoding.shuffle && encoding.format === 2 && !isText(dtype);
  return compress(isShuffled ? shuffle(bytes, itemSize(dtype)) : bytes, encoding);
}

async function compress(bytes: Uint8Array, { compression, level }: ZarrEncoding): Promise<Uint8Array> {
  if (compression === 'none') return bytes;
  const compressed = await (compression === 'gzip'
    ? gzipAsync(bytes, { level })
    : zstdAsync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } }));
  giveBack(bytes);
  return compressed;
}

function padNumbers(
  dtype: DataType,
  values: NumericValues,
  shape: readonly number[],
  chunk: readonly number[],
  fill: Fill,
): Uint8Array {
  const whole = allocateValues(dtype, elementCount(chunk));
  if (values.length < whole.length) whole.fill(fill as never);
  placeAtOrigin(values, shape, whole, chunk);
  return new Uint8Array(whole.buffer);
}

function padTexts(values: readonly string[], shape: readonly number[], chunk: readonly number[]): string[] {
  const whole = new Array<string>(elementCount(chunk)).fill('');
  placeAtOrigin(values as string[], shape, whole, chunk);
  return whole;
}

function placeAtOrigin(
  values: NumericValues | string[],
  shape: readonly number[],
  whole: NumericValues | string[],
  chunk: readonly number[],
): void {
  const origin = shape.map(() => 0);
  copyRegion(values, { arrayShape: shape, origin }, whole, { arrayShape: chunk, origin }, shape);
}

function textsOf(values: MaskedArray['values']): string[] {
  if (Array.isArray(values)) return values;
  return Array.from(values as Uint8Array, (code) => (code === 0 ? '' : String.fromCharCode(code)));
}

/** numcodecs' vlen-utf8: how many, then each with its length before it. */
function encodeTexts(texts: string[]): Uint8Array {
  const items = encodeValues({ dtype: 'string', shape: [texts.length], values: texts });
  const bytes = new Uint8Array(4 + items.length);
  new DataView(bytes.buffer).setUint32(0, texts.length, true);
  bytes.set(items, 4);
  return bytes;
}
