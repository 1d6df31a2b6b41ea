import type { Attribute } from '@hyperslab/proto/array';
import type { StoredAttribute } from './attribute-message.ts';
import { elementsOf } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { readElementText } from './element-text.ts';
import { elementTypeOf, isNumberElement } from './element-type.ts';
import type { FieldCursor } from './field-cursor.ts';
import type { MetadataFile } from './metadata-file.ts';
import { readNumbers } from './numbers.ts';
import { readStrings } from './string-elements.ts';

// Attributes travel with every answer about a dataset; what is larger than this is data in the wrong place.
const mostBytes = 1024 * 1024;

/**
 * An attribute with its values; nothing, with a note, for references, numbers that no data type holds, and what is over
 * 1 MiB. Compounds, lists and opaque bytes are given as text, in CDL notation. A text is `char` when it is stored as one
 * field of fixed width, as netCDF has it, else `string`.
 */
export async function readAttribute(
  file: MetadataFile,
  owner: string,
  stored: StoredAttribute,
): Promise<Attribute | undefined> {
  const { known, type } = stored;
  if (known?.values !== undefined) return known.values;
  const attribute = await readValues(file, owner, stored);
  if (known !== undefined && attribute !== undefined && isSelfContained(type))
    known.values = Object.freeze(attribute);
  return attribute;
}

async function readValues(
  file: MetadataFile,
  owner: string,
  { name, type, space, data: elements }: StoredAttribute,
): Promise<Attribute | undefined> {
  const count = elementsOf(space);
  const data = elements.fresh();
  const leaveOut = (why: string) => {
    file.notes.push(`attribute "${name}" of ${owner} was left out: ${why}`);
    return undefined;
  };
  if (data.length > mostBytes) return leaveOut(`it has ${data.length} bytes`);
  const text = textType(type);
  const element = elementTypeOf(type);
  if (text !== undefined) {
    const strings = await readStrings(file, data, text, count);
    const length = strings.reduce((sum, { length: characters }) => sum + characters, 0);
    if (length > mostBytes) return leaveOut(`it has ${length} characters`);
    const single =
      text.class === 'string' && (space.kind !== 'simple' || (text.size === 1 && space.shape.length === 1));
    return {
      name,
      dtype: single ? 'char' : 'string',
      strings: single ? [strings.join('')] : strings,
      numbers: [],
      integers: [],
    };
  }
  if (!isNumberElement(element)) {
    const texts = await readTexts(file, data, type, count);
    if (texts === undefined) return leaveOut(element.reason);
    return { name, dtype: 'string', strings: texts, numbers: [], integers: [] };
  }
  const inner = element.innerShape.reduce((product, extent) => product * extent, 1);
  return { name, dtype: element.dtype, strings: [], ...readNumbers(data, element, count * inner) };
}

/** Elements that are neither numbers nor strings, as text. */
async function readTexts(
  file: MetadataFile,
  data: FieldCursor,
  type: Datatype,
  count: number,
): Promise<string[] | undefined> {
  const texts: string[] = [];
  for (let i = 0; i < count; i++) {
    const text = await readElementText(file, data, type);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

/** Whether values of a type are where they are said to be: those of variable length are in a heap of their file. */
function isSelfContained(type: Datatype): boolean {
  return type.class === 'string' || type.class === 'integer' || type.class === 'float';
}

/** The string type that a type is. */
function textType(type: Datatype): (Datatype & { class: 'string' | 'vlen' }) | undefined {
  return type.class === 'string' || (type.class === 'vlen' && type.text) ? type : undefined;
}
