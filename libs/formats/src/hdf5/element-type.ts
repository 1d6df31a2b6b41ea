import { isNumeric } from '@hyperslab/array';
import type { EncodedLayout } from '@hyperslab/codecs';
import type { Datatype, FloatType } from './datatype.ts';

/** What the elements of a dataset or attribute are, in the words of an index. */
export interface ElementType {
  /** Data type of array.proto, or the kind of what is only described. */
  dtype: string;
  /** Bytes of one element; of an array type, of one of its elements. */
  width: number;
  /** How elements become values of the data type; of its codecs, "bytes" comes first. */
  stored: EncodedLayout;
  /** Extents of an array type, which are further dimensions. */
  innerShape: number[];
  /** Why values can't be computed; empty when they can. */
  reason: string;
}

/** The element type of a datatype. Fixed strings of one byte are netCDF's char, longer ones strings. */
export function elementTypeOf(type: Datatype): ElementType {
  switch (type.class) {
    case 'integer':
    case 'bitfield':
      return integerType(type);
    case 'float':
      return floatType(type);
    case 'enum':
      return elementTypeOf(type.base);
    case 'string':
      return known(type.size === 1 ? 'char' : 'string', type.size, false);
    case 'vlen':
      return type.text
        ? known('string', type.size, false)
        : described('vlen', type.size, `a variable-length list of ${nameOf(type.base)}`);
    case 'array': {
      const base = elementTypeOf(type.base);
      return { ...base, innerShape: [...type.shape, ...base.innerShape] };
    }
    case 'opaque':
      return described('opaque', type.size, `opaque bytes${type.tag === '' ? '' : ` tagged "${type.tag}"`}`);
    case 'compound': {
      const names = type.members
        .map((member) => member.name)
        .slice(0, 16)
        .join(', ');
      return described('compound', type.size, `a compound of ${names}`);
    }
    case 'reference':
      return described('reference', type.size, 'a reference');
    case 'complex':
      return described('compound', type.size, 'a complex number');
    case 'time':
      return described('opaque', type.size, 'an HDF5 time');
  }
}

/** Integers that do not fill their bytes have the next width that holds them. */
function integerType(type: Datatype & { class: 'integer' | 'bitfield' }): ElementType {
  const { size, bitOffset, precision, signed, bigEndian } = type;
  const width = [1, 2, 4, 8].find((candidate) => candidate >= size);
  if (width === undefined) return described('opaque', size, `an integer of ${size} bytes`);
  const dtype = `${signed ? '' : 'u'}int${8 * width}`;
  if (width === size && bitOffset === 0 && precision === 8 * size) return known(dtype, size, bigEndian);
  if (precision < 1 || bitOffset + precision > 8 * size) {
    return described(dtype, size, `an integer of ${precision} bits from bit ${bitOffset} in ${size} bytes`);
  }
  return known(dtype, size, bigEndian, 'integer_bits', { size, width, precision, offset: bitOffset, signed });
}

function floatType(type: FloatType): ElementType {
  const { size, byteOrder, sign, exponent, mantissa } = type;
  if (byteOrder === 'vax') return described('opaque', size, 'a VAX float');
  const isBig = byteOrder === 'big';
  if (isIeee(type, 4, 23, 8)) return known('float32', size, isBig);
  if (isIeee(type, 8, 52, 11)) return known('float64', size, isBig);
  if (isIeee(type, 2, 10, 5)) return known('float32', size, isBig, 'float16');
  const dtype = holdsExactly(type, 23, 127) ? 'float32' : 'float64';
  const isWithin = [sign + 1, exponent.location + exponent.size, mantissa.location + mantissa.size].every(
    (end) => end <= 8 * size,
  );
  if (!isWithin || size > 8 || !mantissa.implied || !holdsExactly(type, 52, 1023)) {
    return described('opaque', size, `a ${type.precision}-bit float that no IEEE double holds`);
  }
  return known(dtype, size, isBig, 'float_bits', {
    size,
    width: dtype === 'float32' ? 4 : 8,
    sign,
    exponent: exponent.location,
    exponent_size: exponent.size,
    mantissa: mantissa.location,
    mantissa_size: mantissa.size,
    bias: exponent.bias,
  });
}

function isIeee(type: FloatType, size: number, mantissa: number, exponent: number): boolean {
  return (
    type.size === size &&
    type.bitOffset === 0 &&
    type.precision === 8 * size &&
    type.sign === 8 * size - 1 &&
    type.mantissa.location === 0 &&
    type.mantissa.size === mantissa &&
    type.mantissa.implied &&
    type.exponent.location === mantissa &&
    type.exponent.size === exponent &&
    type.exponent.bias === 2 ** (exponent - 1) - 1
  );
}

/** Whether an IEEE float of such a mantissa and bias holds all numbers of a type, subnormal ones included. */
function holdsExactly({ exponent, mantissa }: FloatType, mantissaSize: number, bias: number): boolean {
  const largest = 2 ** exponent.size - 2 - exponent.bias;
  const smallest = 1 - exponent.bias - mantissa.size;
  return mantissa.size <= mantissaSize && largest <= bias && smallest >= 1 - bias - mantissaSize;
}

/** Whether values of an element type are numbers. */
export function isNumberElement({ dtype, reason }: ElementType): boolean {
  return reason === '' && isNumeric(dtype);
}

function nameOf(type: Datatype): string {
  return elementTypeOf(type).dtype;
}

// Each made once, for all files: how a layout is decoded is kept with it.
const plainLayouts = new Map<string, EncodedLayout>();

function known(
  dtype: string,
  width: number,
  bigEndian: boolean,
  further?: 'float16' | 'float_bits' | 'integer_bits',
  parameters: object = {},
): ElementType {
  const endian = bigEndian ? 'big' : 'little';
  if (further === undefined) return elementType(dtype, width, plainLayout(dtype, endian));
  const codecs = [
    { name: 'bytes', configuration: '{"endian":"little"}' },
    { name: further, configuration: JSON.stringify({ endian, ...parameters }) },
  ];
  return elementType(dtype, width, { storedDtype: dtype, codecs });
}

function plainLayout(storedDtype: string, endian: 'big' | 'little'): EncodedLayout {
  const key = `${storedDtype} ${endian}`;
  const layout = plainLayouts.get(key) ?? {
    storedDtype,
    codecs: [{ name: 'bytes', configuration: JSON.stringify({ endian }) }],
  };
  plainLayouts.set(key, layout);
  return layout;
}

function elementType(dtype: string, width: number, stored: EncodedLayout): ElementType {
  return { dtype, width, stored, innerShape: [], reason: '' };
}

function described(dtype: string, width: number, what: string): ElementType {
  return {
    ...elementType(dtype, width, { storedDtype: dtype, codecs: [] }),
    reason: `an element is ${what}`,
  };
}
