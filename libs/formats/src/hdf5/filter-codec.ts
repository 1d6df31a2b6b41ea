import type { Codec } from '@hyperslab/proto/array';
import type { Filter } from './filter-pipeline.ts';

/**
 * The codec that undoes a filter; nothing when there is none here. Parameters of filters are those that the HDF5 library
 * and the registered plugins store with a dataset. `elementSize` is that of the dataset.
 */
export function codecOf({ id, parameters }: Filter, elementSize: number): Codec | undefined {
  const [first] = parameters;
  switch (id) {
    case 1:
      return codec('deflate', first === undefined ? undefined : { level: first });
    case 2:
      return codec('shuffle', { elementsize: first || elementSize });
    case 3:
      return codec('fletcher32');
    case 4:
      return szip(parameters);
    case 5:
      return nbit(parameters);
    case 6:
      return scaleoffset(parameters);
    case 307:
      return codec('bz2');
    case 32000:
      return codec('lzf');
    case 32001:
      return codec('blosc');
    case 32004:
      return codec('hdf5_lz4');
    case 32008:
      return bitshuffle(parameters, elementSize);
    case 32015:
      return codec('zstd');
    default:
      return undefined;
  }
}

function codec(name: string, configuration?: object): Codec {
  return { name, configuration: configuration === undefined ? '' : JSON.stringify(configuration) };
}

function szip([optionsMask, pixelsPerBlock, bitsPerPixel, pixelsPerScanline]: readonly number[]): Codec {
  return codec('szip', {
    options_mask: optionsMask,
    pixels_per_block: pixelsPerBlock,
    bits_per_pixel: bitsPerPixel,
    pixels_per_scanline: pixelsPerScanline,
  });
}

const nbitClass = { atomic: 1, array: 2, compound: 3, uncoded: 4 };

/** H5Znbit.c: how many parameters, whether nothing is coded, elements of a chunk; then the type, from its outside in. */
function nbit([, isUncoded, , ...type]: readonly number[]): Codec | undefined {
  // Arrays are elements of their base type one after the other.
  while (type[0] === nbitClass.array) type = type.slice(2);
  const [typeClass, size, order, precision, offset] = type;
  if (isUncoded !== 0 || typeClass === nbitClass.uncoded) return codec('nbit', { size: 1, precision: 8 });
  if (typeClass !== nbitClass.atomic) return undefined;
  return codec('nbit', { size, precision, offset, endian: order === 1 ? 'big' : 'little' });
}

const scale = { floatDecimal: 0, integer: 2 };

/** H5Zscaleoffset.c: the way and degree of scaling, elements, then class, size, sign and order of the type, and its fill value. */
function scaleoffset(parameters: readonly number[]): Codec | undefined {
  const [way, degree, , typeClass, size, , order, hasFill, ...fill] = parameters;
  const common = {
    size,
    endian: order === 1 ? 'big' : 'little',
    fill: hasFill === 1 ? littleEndianHex(fill, size) : undefined,
  };
  if (way === scale.integer && typeClass === 0) {
    return codec('scaleoffset', { type: 'integer', bits: degree || undefined, ...common });
  }
  if (way !== scale.floatDecimal || typeClass !== 1) return undefined;
  return codec('scaleoffset', { type: 'float', decimals: degree | 0, ...common });
}

function littleEndianHex(words: readonly number[], size: number): string {
  const bytes = Buffer.alloc(8);
  words.slice(0, 2).forEach((word, i) => {
    bytes.writeUInt32LE(word, 4 * i);
  });
  return bytes.toString('hex', 0, size);
}

const bitshuffleCompressions: Record<number, string> = { 0: 'none', 2: 'lz4', 3: 'zstd' };

/** Version of the library in two, bytes of an element, elements of a block, compression. */
function bitshuffle(
  [, , elementsize = 0, blocksize = 0, compression = 0]: readonly number[],
  size: number,
): Codec | undefined {
  const name = bitshuffleCompressions[compression];
  if (name === undefined) return undefined;
  return codec('bitshuffle', { elementsize: elementsize || size, blocksize, compression: name });
}
