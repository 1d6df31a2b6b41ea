import type { Datatype, FloatType } from './datatype.ts';

/** What the elements of a dataset or attribute are, in the words of an index. */
export interface ElementType {
  /** Data type of array.proto, or the kind of what is only described. */
  dtype: string;
  /** Bytes of one element; of an array type, of one of its elements. */
  width: number;
  bigEndian: boolean;
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

function integerType(type: Datatype & { class: 'integer' | 'bitfield' }): ElementType {
  const name = `${type.signed ? '' : 'u'}int${8 * type.size}`;
  if (![1, 2, 4, 8].includes(type.size)) {
    return described('opaque', type.size, `an integer of ${type.size} bytes`);
  }
  if (type.bitOffset !== 0 || type.precision !== 8 * type.size) {
    return described(name, type.size, `an integer of ${type.precision} bits in ${type.size} bytes`);
  }
  return known(name, type.size, type.bigEndian);
}

function floatType(type: FloatType): ElementType {
  const single = isIeee(type, 4, 23, 8, 127);
  if (single || isIeee(type, 8, 52, 11, 1023)) {
    return known(single ? 'float32' : 'float64', type.size, type.byteOrder === 'big');
  }
  return described('opaque', type.size, `a ${type.precision}-bit float that is no IEEE single or double`);
}

function isIeee(type: FloatType, size: number, mantissa: number, exponent: number, bias: number): boolean {
  return (
    type.size === size &&
    type.byteOrder !== 'vax' &&
    type.bitOffset === 0 &&
    type.precision === 8 * size &&
    type.mantissa.location === 0 &&
    type.mantissa.size === mantissa &&
    type.mantissa.implied &&
    type.exponent.location === mantissa &&
    type.exponent.size === exponent &&
    type.exponent.bias === bias
  );
}

function nameOf(type: Datatype): string {
  return elementTypeOf(type).dtype;
}

function known(dtype: string, width: number, bigEndian: boolean): ElementType {
  return { dtype, width, bigEndian, innerShape: [], reason: '' };
}

function described(dtype: string, width: number, what: string): ElementType {
  return { dtype, width, bigEndian: false, innerShape: [], reason: `an element is ${what}` };
}
