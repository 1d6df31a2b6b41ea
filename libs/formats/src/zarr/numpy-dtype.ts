import type { Json } from '../json/parse-json.ts';
import { describedType, type ElementType, numberType, timeType } from './element-type.ts';
import { shorten } from './metadata-fields.ts';

const kinds: Record<string, string> = { i: 'int', u: 'uint', f: 'float' };

/**
 * The element type that the "dtype" of a Zarr v2 array names (Zarr v2 specification, "Data type encoding": numpy's array
 * protocol). `isObjectText` says that a filter makes objects texts. Types that are not known are described.
 */
export function numpyElementType(dtype: Json | undefined, isObjectText: boolean): ElementType {
  if (Array.isArray(dtype)) {
    const names = dtype.map((field) =>
      Array.isArray(field) && typeof field[0] === 'string' ? field[0] : '?',
    );
    return describedType('compound', 0, `an element is a compound of ${names.join(', ')}`);
  }
  const [, order, kind, digits, time] =
    typeof dtype === 'string' ? (/^([<>|=]?)([a-zA-Z])(\d*)(?:\[(.+)\])?$/.exec(dtype) ?? []) : [];
  const size = Number(digits);
  const bigEndian = order === '>';
  switch (kind) {
    case 'b':
      if (size === 1) return { ...numberType('uint8', 1), isBoolean: true };
      break;
    case 'i':
    case 'u':
      if ([1, 2, 4, 8].includes(size)) return numberType(`${kinds[kind]}${size * 8}`, size, bigEndian);
      break;
    case 'f':
      if ([2, 4, 8].includes(size)) return numberType(`float${size * 8}`, size, bigEndian);
      break;
    case 'c':
      return describedType('compound', size, 'an element is a complex number');
    case 'M':
    case 'm':
      if (time !== undefined && size === 8) return numpyTime(kind, time, bigEndian);
      break;
    case 'S':
      if (size === 1) return { dtype: 'char', width: 1, bigEndian: false, reason: '' };
      return { dtype: 'string', width: size, bigEndian: false, text: 'fixed', reason: '' };
    case 'U':
      return { dtype: 'string', width: 4 * size, bigEndian, text: 'utf32', reason: '' };
    case 'V':
      return describedType('opaque', size, 'an element is opaque bytes');
    case 'O':
      if (isObjectText) return { dtype: 'string', width: 0, bigEndian: false, text: 'vlen-utf8', reason: '' };
      return describedType('opaque', 0, 'an element is a Python object');
  }
  return describedType('opaque', 0, `its type ${shorten(dtype)} is not known`);
}

/** "ns", or a multiple of a unit: "10us". */
function numpyTime(kind: 'M' | 'm', text: string, bigEndian: boolean): ElementType {
  const [, multiple, unit] = /^(\d*)(.+)$/.exec(text)!;
  return timeType(kind, unit, multiple === '' ? 1 : Number(multiple), bigEndian);
}
