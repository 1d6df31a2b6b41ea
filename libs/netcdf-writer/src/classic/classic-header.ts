import type { DataType } from '@hyperslab/array';
import { itemSize } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { Netcdf4Definition } from '../definition.ts';
import { numericAttribute } from '../encode-attribute.ts';
import { bigEndian } from './byte-order.ts';
import { type ClassicVersion, classicTypes } from './classic-types.ts';

const [dimensionTag, variableTag, attributeTag] = [10, 11, 12];

/** Where the values of a variable lie. */
export interface ClassicPlace {
  begin: number;
  /** Length with the padding to four bytes. */
  size: number;
}

/**
 * The header of a classic file (netCDF classic format specification, "The Format in Detail"). Its length does not depend on
 * the places.
 */
export function classicHeader(
  definition: Netcdf4Definition,
  version: ClassicVersion,
  places: ReadonlyMap<string, ClassicPlace>,
): Uint8Array {
  const parts: Buffer[] = [];
  const u32 = (value: number) =>
    void parts.push(Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]));
  const u64 = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    parts.push(bytes);
  };
  const count = version === 5 ? u64 : u32;
  const padded = (bytes: Uint8Array) => {
    parts.push(Buffer.from(bytes));
    const rest = bytes.length % 4;
    if (rest > 0) parts.push(Buffer.alloc(4 - rest));
  };
  const name = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    count(bytes.length);
    padded(bytes);
  };
  /** An empty list is two zeros. */
  const list = <T>(tag: number, items: readonly T[], each: (item: T) => void) => {
    u32(items.length === 0 ? 0 : tag);
    count(items.length);
    for (const item of items) each(item);
  };
  const attribute = (item: Attribute) => {
    name(item.name);
    const { type, length, bytes } = attributeValue(item);
    u32(type);
    count(length);
    padded(bytes);
  };

  parts.push(Buffer.from([0x43, 0x44, 0x46, version]));
  // No dimension grows: there are no records.
  count(0);
  list(dimensionTag, definition.dimensions, (dimension) => {
    name(dimension.name);
    count(dimension.length);
  });
  list(attributeTag, definition.attributes, attribute);
  list(variableTag, definition.variables, (variable) => {
    name(variable.name);
    count(variable.dimensions.length);
    for (const own of variable.dimensions)
      count(definition.dimensions.findIndex((each) => each.name === own));
    list(attributeTag, variable.attributes, attribute);
    u32(classicTypes[variable.dtype as Exclude<DataType, 'string'>]);
    const { begin, size } = places.get(variable.name) ?? { begin: 0, size: 0 };
    count(size);
    u64(begin);
  });
  return Buffer.concat(parts);
}

/** Several texts, for which there is no type, lie in one with a line each. */
function attributeValue(attribute: Attribute): { type: number; length: number; bytes: Uint8Array } {
  const { dtype, strings } = attribute;
  if (dtype === 'char' || dtype === 'string') {
    const bytes = new TextEncoder().encode(strings.join('\n'));
    return { type: classicTypes.char, length: bytes.length, bytes };
  }
  const values = numericAttribute(attribute);
  const type = classicTypes[dtype as Exclude<DataType, 'string'>];
  return { type, length: values.length, bytes: bigEndian(values, itemSize(dtype)) };
}
