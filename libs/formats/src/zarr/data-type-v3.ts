import { isNumeric, itemSize } from '@hyperslab/array';
import type { Json } from '../json/parse-json.ts';
import { describedType, type ElementType, numberType, timeType } from './element-type.ts';
import { isObject, shorten, wholeNumber } from './metadata-fields.ts';

/**
 * The element type that the "data_type" of a Zarr v3 array names (core specification, "Data types", and the registered
 * extensions): a name, or an object with name and configuration. Types that are not known are described.
 */
export function v3ElementType(dataType: Json | undefined): ElementType {
  const name = isObject(dataType) ? dataType.name : dataType;
  const configuration = isObject(dataType) && isObject(dataType.configuration) ? dataType.configuration : {};
  if (typeof name !== 'string') return unknown(dataType);
  if (name === 'float16') return numberType(name, 2);
  if (isNumeric(name)) return numberType(name, itemSize(name));
  const bytes = wholeNumber(configuration.length_bytes);
  switch (name) {
    case 'bool':
      return { ...numberType('uint8', 1), isBoolean: true };
    case 'string':
      return { dtype: 'string', width: 0, bigEndian: false, text: 'vlen-utf8', reason: '' };
    case 'fixed_length_utf32':
      if (bytes === undefined || bytes % 4 !== 0) return unknown(dataType);
      return { dtype: 'string', width: bytes, bigEndian: false, text: 'utf32', reason: '' };
    case 'null_terminated_bytes':
      if (bytes === undefined) return unknown(dataType);
      if (bytes === 1) return { dtype: 'char', width: 1, bigEndian: false, reason: '' };
      return { dtype: 'string', width: bytes, bigEndian: false, text: 'fixed', reason: '' };
    case 'numpy.datetime64':
    case 'numpy.timedelta64': {
      const multiple = wholeNumber(configuration.scale_factor) ?? 1;
      if (typeof configuration.unit !== 'string') return unknown(dataType);
      return timeType(name === 'numpy.datetime64' ? 'M' : 'm', configuration.unit, multiple, false);
    }
    case 'complex64':
    case 'complex128':
      return describedType('compound', 0, 'an element is a complex number');
    case 'struct':
    case 'structured':
      return describedType('compound', 0, 'an element is a compound');
    case 'bytes':
    case 'variable_length_bytes':
      return describedType('vlen', 0, 'an element is bytes of any length');
    case 'raw_bytes':
      return describedType('opaque', bytes ?? 0, 'an element is opaque bytes');
  }
  if (/^r\d+$/.test(name))
    return describedType('opaque', Number(name.slice(1)) / 8, 'an element is opaque bytes');
  return unknown(dataType);
}

function unknown(dataType: Json | undefined): ElementType {
  return describedType('opaque', 0, `its type ${shorten(dataType)} is not known`);
}
