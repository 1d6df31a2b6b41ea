import { dap4Name, type XmlElement } from '@hyperslab/dap';
import { formatCorrupt } from '../format-error.ts';

/** Elements with names of their own in a group; all others with a name are variables. */
const kinds: ReadonlySet<string> = new Set(['Dimension', 'Enumeration', 'Group']);

/**
 * The elements of the variables of a document by what a constraint names them (`FlatVariable.id`), without fields of structures.
 * Throws FORMAT_CORRUPT for a name that occurs twice in a group: to which of the two its chunks belong is not told.
 */
export function variableElements(root: XmlElement, url: string): ReadonlyMap<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  collect(root, '', url, found);
  return found;
}

function collect(group: XmlElement, id: string, url: string, found: Map<string, XmlElement>): void {
  const names = new Set<string>();
  for (const element of group.children) {
    const { name } = element.attributes;
    if (name === undefined || element.name === 'Attribute') continue;
    const kind = kinds.has(element.name) ? element.name : 'variable';
    const key = `${kind} ${name}`;
    const childId = `${id}/${name.split('/').map(dap4Name).join('/')}`;
    if (names.has(key)) throw twice(kind, childId, url);
    names.add(key);
    if (kind === 'Group') collect(element, childId, url, found);
    if (kind !== 'variable') continue;
    const variableId = `${id}/${dap4Name(name)}`;
    if (found.has(variableId)) throw twice(kind, variableId, url);
    found.set(variableId, element);
  }
}

function twice(kind: string, id: string, url: string): Error {
  const what = `each ${kind.toLowerCase()} of a group to have another name`;
  return formatCorrupt(url, 0, what, `${JSON.stringify(id.slice(0, 80))} twice`);
}
