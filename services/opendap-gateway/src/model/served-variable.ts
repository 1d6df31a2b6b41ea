import {
  type BigIntArray,
  type DataType,
  decodeArray,
  isBigInt,
  isNumeric,
  type MaskedArray,
} from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { Variable } from '@hyperslab/proto/cube';
import { type DapAttribute, dapAttributes } from './attribute.ts';
import { type DapType, dapTypeOf } from './dap-type.ts';
import { missingNumber } from './missing-number.ts';

/** How the values of a variable are served. */
export interface ServedVariable {
  variable: Variable;
  /** Type of the values that come in. */
  dtype: DataType;
  type: DapType;
  /** Values as stored, packed; else unpacked. */
  stored: boolean;
  /** The values themselves, when the dataset holds them. */
  inline?: MaskedArray;
  /** What is sent where values are masked. Unused for text. */
  missing: number | bigint;
  /** Extents and dimension names that clients see: the last dimension of characters has become strings. */
  shape: number[];
  dimensions: string[];
  /** Length of each string of a `char` array. */
  characters?: number;
  attributes: DapAttribute[];
}

/** Attributes that say how stored numbers are to be read (CF conventions, sections 2.5.1 and 8.1). */
const packingAttributes = new Set([
  'scale_factor',
  'add_offset',
  '_FillValue',
  'missing_value',
  'valid_min',
  'valid_max',
  'valid_range',
  '_Unsigned',
]);

/**
 * How a variable is served: as stored where all its pieces are stored alike, as the file's own server would do it;
 * unpacked otherwise. Undefined for what DAP2 can't carry.
 * @param isCounted whether numbers lie along a dimension too: a lone dimension of characters is the length of a string only
 * if they don't. Else each is a string, since clients in C would end a string of them at the first NUL
 */
export function serveVariable(
  variable: Variable,
  isCounted: (dimension: string) => boolean,
): ServedVariable | undefined {
  const { packing, storedDtype, notComputable } = variable;
  const inline = inlineValues(variable);
  const isScaled = packing?.scaleFactor !== undefined || packing?.addOffset !== undefined;
  const uniform = packing !== undefined && storedDtype !== '';
  const stored = uniform && !(inline && (isScaled || storedDtype !== inline.dtype));
  const dtype = (inline?.dtype ?? (stored ? storedDtype : variable.dtype)) as DataType;
  // DAP2's Byte is what a byte that is to be read as unsigned has stood for since it was in use.
  const isUnsignedByte = stored && dtype === 'int8' && packing.readUnsigned;
  const type = dapTypeOf(isUnsignedByte ? 'uint8' : dtype);
  if (type === undefined || notComputable !== '') return undefined;

  const missing = missingNumber(dtype, stored ? packing : undefined);
  const { dimensions } = variable;
  const isText =
    dtype === 'char' && (dimensions.length > 1 || (dimensions.length === 1 && !isCounted(dimensions[0])));
  const cut = <T>(list: readonly T[]) => (isText ? list.slice(0, -1) : [...list]);
  const kept = variable.attributes.filter(({ name }) => stored || !packingAttributes.has(name));
  const attributes = dapAttributes(isUnsignedByte ? kept.map(unsignedBytes) : kept)
    .filter(({ name }) => !(type === 'String' && name === '_FillValue'))
    .filter(({ name }) => !(isUnsignedByte && name === '_Unsigned'))
    .map((attribute) =>
      attribute.name === '_FillValue'
        ? { ...attribute, type, values: attribute.values.map(Number) }
        : attribute,
    );
  // Stored values keep the file's word for missing, netCDF's default too; it needs no attribute there.
  const isFilled = !stored && (inline === undefined || inline.mask?.includes(1) === true);
  if (isFilled && isNumeric(dtype))
    attributes.unshift({ name: '_FillValue', type, values: [Number(missing)] });
  // netCDF clients have no unsigned types in DAP2 and take the bits as signed; this tells them otherwise.
  if ((type === 'Byte' || type.startsWith('U')) && !attributes.some(({ name }) => name === '_Unsigned'))
    attributes.push({ name: '_Unsigned', type: 'String', values: ['true'] });
  return {
    variable,
    dtype,
    type,
    stored: stored && !inline,
    inline,
    missing,
    shape: cut(variable.shape),
    dimensions: cut(variable.dimensions),
    characters: dtype === 'char' ? (isText ? variable.shape.at(-1) : 1) : undefined,
    attributes,
  };
}

/** Numbers of signed bytes as what the same bits mean unsigned. */
function unsignedBytes(attribute: Attribute): Attribute {
  if (attribute.dtype !== 'int8') return attribute;
  return { ...attribute, dtype: 'uint8', numbers: attribute.numbers.map((number) => number & 0xff) };
}

/** The values that a dataset holds itself; 64-bit integers that Float64 would change become their decimal text. */
function inlineValues({ data }: Variable): MaskedArray | undefined {
  if (data?.$case !== 'inlineValues') return undefined;
  const array = decodeArray(data.value);
  if (!isBigInt(array.dtype)) return array;
  const integers = Array.from(array.values as BigIntArray);
  const isExact = integers.every((value, i) => array.mask?.[i] === 1 || BigInt(Number(value)) === value);
  if (isExact) return array;
  return {
    dtype: 'string',
    shape: array.shape,
    values: integers.map((value, i) => (array.mask?.[i] === 1 ? '' : `${value}`)),
  };
}
