import type { Datatype } from './datatype.ts';
import { elementTypeOf, isNumberElement } from './element-type.ts';
import type { FieldCursor } from './field-cursor.ts';
import { parseGlobalHeapId, readGlobalHeapObject } from './global-heap.ts';
import type { MetadataFile } from './metadata-file.ts';
import { readNumbers } from './numbers.ts';
import { readStrings } from './string-elements.ts';

// Text takes more room than what it stands for, and lists of lists can repeat without end.
const elementCost = 64;

/**
 * The next element as text in the notation of CDL: `{1, "text", {2, 3}}` for compounds, lists and arrays, `0X0A0B` for
 * opaque bytes. Nothing when there is something in it that has no text, as references.
 */
export async function readElementText(
  file: MetadataFile,
  cursor: FieldCursor,
  type: Datatype,
): Promise<string | undefined> {
  file.spend(elementCost, 'the elements of an attribute');
  const element = cursor.part(type.size);
  switch (type.class) {
    case 'compound':
      return joined(
        await inTurn(type.members, (member) => {
          element.seek(member.offset);
          return readElementText(file, element, member.type);
        }),
      );
    case 'array': {
      const count = type.shape.reduce((product, extent) => product * extent, 1);
      return joined(await inTurn(Array(count), () => readElementText(file, element, type.base)));
    }
    case 'vlen': {
      if (type.text) return quoted(await readStrings(file, element, type, 1));
      const id = parseGlobalHeapId(element);
      const list = await readGlobalHeapObject(file, id);
      if (list === undefined) return '{}';
      const count = Math.min(id.count, Math.floor(list.length / type.base.size));
      return joined(await inTurn(Array(count), () => readElementText(file, list, type.base)));
    }
    case 'string':
      return quoted(await readStrings(file, element, type, 1));
    case 'opaque':
      return `0X${Buffer.from(element.peekRest()).toString('hex').toUpperCase()}`;
    default:
      return numberText(element, type);
  }
}

function numberText(cursor: FieldCursor, type: Datatype): string | undefined {
  const element = elementTypeOf(type);
  if (!isNumberElement(element)) return undefined;
  const { numbers, integers } = readNumbers(cursor, element, 1);
  return String(integers[0] ?? numbers[0]);
}

async function inTurn<T>(
  items: T[],
  text: (item: T) => Promise<string | undefined>,
): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for (const item of items) texts.push(await text(item));
  return texts;
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
  return texts.includes(undefined) ? undefined : `{${texts.join(', ')}}`;
}

function quoted([text]: string[]): string {
  return JSON.stringify(text);
}
