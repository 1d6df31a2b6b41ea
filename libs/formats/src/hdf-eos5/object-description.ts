/** A group or object of a text in the Object Description Language, with its values as they are written. */
export interface DescribedObject {
  name: string;
  values: Map<string, string>;
  children: DescribedObject[];
}

const deepest = 16;

/**
 * Parses the part of the language that HDF-EOS writes its structure in: a line for each beginning and end of a group or
 * object, and for each value. Lines that are none of these are passed over; what is not ended ends with the text.
 */
export function parseObjectDescription(text: string): DescribedObject {
  const root: DescribedObject = { name: '', values: new Map(), children: [] };
  const open = [root];
  for (const line of text.split(/[\r\n]+/)) {
    // Trimmed here: a pattern that leaves out spaces at the end tries each run of them anew.
    const [, key, rest] = /^([A-Za-z_][\w.]*)\s*=(.*)$/.exec(line.trim()) ?? [];
    if (key === undefined) continue;
    const value = rest.trim();
    if (key === 'GROUP' || key === 'OBJECT') {
      const child: DescribedObject = { name: value, values: new Map(), children: [] };
      open[open.length - 1].children.push(child);
      if (open.length < deepest) open.push(child);
    } else if (key === 'END_GROUP' || key === 'END_OBJECT') {
      if (open.length > 1) open.pop();
    } else open[open.length - 1].values.set(key, value);
  }
  return root;
}

/** A text value without its quotes. */
export function textValue(object: DescribedObject, key: string): string {
  return (object.values.get(key) ?? '').replace(/^"(.*)"$/, '$1');
}

/** The items of a list in parentheses, or the one value, without quotes. */
export function listValue(object: DescribedObject, key: string): string[] {
  const items = (object.values.get(key) ?? '').replace(/^\((.*)\)$/, '$1').split(',');
  return items.map((item) => item.trim().replace(/^"(.*)"$/, '$1')).filter((item) => item !== '');
}
