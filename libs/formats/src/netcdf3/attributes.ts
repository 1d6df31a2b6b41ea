import { isBigInt } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { ByteCursor } from '../byte-cursor.ts';
import { type HeaderFields, padding } from './header-fields.ts';
import { type ExternalType, readType } from './types.ts';

const attributeTag = 0x0c;

/** Reads an attribute list, of the file or of a variable. */
export function readAttributes(fields: HeaderFields): Attribute[] {
  return fields.list(attributeTag, 'attribute', () => readAttribute(fields));
}

function readAttribute(fields: HeaderFields): Attribute {
  const { cursor } = fields;
  const name = fields.name();
  const type = readType(cursor, fields.version);
  const count = fields.boundedCount(`values of attribute "${name}"`, type.width);
  const attribute: Attribute = { name, dtype: type.dtype, strings: [], numbers: [], integers: [] };
  if (type.dtype === 'char') attribute.strings.push(decodeText(cursor.bytes(count)));
  else {
    for (let i = 0; i < count; i++) {
      if (isBigInt(type.dtype)) attribute.integers.push(String(readNumber(cursor, type)));
      else attribute.numbers.push(Number(readNumber(cursor, type)));
    }
  }
  cursor.skip(padding(count * type.width));
  return attribute;
}

function readNumber(cursor: ByteCursor, { dtype }: ExternalType): number | bigint {
  switch (dtype) {
    case 'int8':
      return cursor.int8();
    case 'uint8':
    case 'char':
      return cursor.uint8();
    case 'int16':
      return cursor.int16();
    case 'uint16':
      return cursor.uint16();
    case 'int32':
      return cursor.int32();
    case 'uint32':
      return cursor.uint32();
    case 'int64':
      return cursor.bigInt64();
    case 'uint64':
      return cursor.bigUint64();
    case 'float32':
      return cursor.float32();
    case 'float64':
      return cursor.float64();
  }
}

/** Text is UTF-8; older files hold Latin-1, which hardly ever is UTF-8 too. C programs leave zeros at the end. */
function decodeText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const text = bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    // Not TextDecoder, whose "latin1" is Windows-1252.
    return Buffer.from(text).toString('latin1');
  }
}
