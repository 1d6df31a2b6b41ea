import { allocateValues, type DataType, isBigInt, isFixedWidth, type NumericValues } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import { dataspace, emptyDataspace } from './hdf5/dataspace.ts';
import { datatypeOf, textType } from './hdf5/datatype.ts';
import type { HeapId } from './hdf5/global-heap.ts';
import { invalidDefinition } from './invalid-definition.ts';

/** An attribute whose references into the heap are not addresses yet. */
export interface PlannedAttribute {
  name: string;
  datatype: Uint8Array;
  dataspace: Uint8Array;
  /** The bytes, or variable-length elements. */
  data: Uint8Array | VariableLengthElement[];
}

/** Elements that lie in the heap: how many, and where. */
export interface VariableLengthElement {
  length: number;
  id: HeapId;
}

/** Puts text into the heap. */
export type InsertText = (text: Uint8Array) => HeapId;

/**
 * An attribute as netCDF-C writes it: one text as a scalar of fixed length, several or `string` as variable-length
 * strings, numbers as a one-dimensional array, nothing as an empty dataspace.
 */
export function planAttribute(attribute: Attribute, insertText: InsertText): PlannedAttribute {
  const { name, dtype, strings } = attribute;
  if (dtype === 'string' || (dtype === 'char' && strings.length > 1)) {
    const data = strings.map((text) => planText(text, insertText));
    return { name, datatype: datatypeOf('string'), dataspace: dataspace([data.length]), data };
  }
  if (dtype === 'char') return textAttribute(name, strings[0] ?? '');
  const data = bytesOf(numericAttribute(attribute));
  const space = data.length === 0 ? emptyDataspace() : dataspace([countOf(attribute)]);
  return { name, datatype: datatypeOf(dtype as DataType), dataspace: space, data };
}

/** A scalar text. */
export function textAttribute(name: string, text: string): PlannedAttribute {
  const data = new TextEncoder().encode(text);
  const isUtf8 = data.length !== text.length;
  return {
    name,
    datatype: textType(Math.max(1, data.length), isUtf8),
    dataspace: data.length === 0 ? emptyDataspace() : dataspace([]),
    data,
  };
}

/** A text as an element of variable length. */
export function planText(text: string, insertText: InsertText): VariableLengthElement {
  const bytes = new TextEncoder().encode(text);
  return { length: bytes.length, id: insertText(bytes) };
}

function countOf({ dtype, numbers, integers }: Attribute): number {
  return isBigInt(dtype) ? integers.length : numbers.length;
}

/** Values of a numeric attribute in its type. Throws INVALID_ARGUMENT for one that the type does not hold. */
export function numericAttribute(attribute: Attribute): NumericValues {
  const { name, dtype, numbers, integers } = attribute;
  if (!isFixedWidth(dtype)) throw invalidDefinition(`attribute "${name}": data type "${dtype}" is unknown`);
  const values = allocateValues(dtype, countOf(attribute));
  for (let i = 0; i < values.length; i++) {
    values[i] = isBigInt(dtype) ? BigInt(integers[i]) : numbers[i];
    const given = isBigInt(dtype) ? BigInt(integers[i]) : numbers[i];
    if (dtype !== 'float32' && !Object.is(Number(values[i]), Number(given)))
      throw invalidDefinition(`attribute "${name}": ${given} is no ${dtype}`);
  }
  return values;
}

/** Little-endian bytes of numbers, which share their memory. */
export function bytesOf(values: NumericValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
