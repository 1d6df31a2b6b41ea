import { atomicType } from '../atomic-types.ts';
import { dapCorrupt } from '../dap-error.ts';
import type { DapAttribute, DapDataSet, DapDimension, DapGroup, DapVariable } from '../data-set.ts';
import { readXml, type XmlElement } from './read-xml.ts';

/** What is known where a declaration stands: names of dimensions and enumerations, by absolute path. */
interface Scope {
  url: string;
  dimensions: Map<string, number>;
  /** Base types. */
  enumerations: Map<string, string>;
}

/** Dataset Metadata Response: groups, dimensions, variables, attributes (DAP4, volume 1, section 5). Throws FORMAT_CORRUPT. */
export function parseDmr(url: string, document: string): DapDataSet {
  return dataSetOf(url, readXml(url, document));
}

/** The same of the root element of a document, in which other vocabularies may say more of its variables. */
export function dataSetOf(url: string, element: XmlElement): DapDataSet {
  if (element.name !== 'Dataset')
    throw dapCorrupt(url, 'a DMR, a document of "Dataset"', `"${element.name}"`);
  const scope: Scope = { url, dimensions: new Map(), enumerations: new Map() };
  declare(element, '', scope);
  return { name: element.attributes.name ?? '', root: group(element, '', scope) };
}

/** Notes dimensions and enumerations of all groups: a declaration may come behind its use. */
function declare(element: XmlElement, path: string, scope: Scope): void {
  for (const child of element.children) {
    const name = `${path}/${child.attributes.name ?? ''}`;
    if (child.name === 'Dimension') scope.dimensions.set(name, sizeOf(child, scope.url));
    else if (child.name === 'Enumeration') {
      scope.enumerations.set(name, spelling(child.attributes.basetype ?? child.attributes.baseType ?? ''));
    } else if (child.name === 'Group') declare(child, name, scope);
  }
}

function group(element: XmlElement, path: string, scope: Scope): DapGroup {
  const named = (child: XmlElement) => `${path}/${nameOf(child, scope.url)}`;
  const found: DapGroup = {
    name: path === '' ? '' : nameOf(element, scope.url),
    attributes: attributesOf(element),
    dimensions: [],
    variables: [],
    groups: [],
  };
  for (const child of element.children) {
    if (child.name === 'Group') found.groups.push(group(child, named(child), scope));
    else if (child.name === 'Dimension') {
      const unlimited = child.attributes['_edu.ucar.isunlimited'] === '1';
      found.dimensions.push({ name: nameOf(child, scope.url), size: sizeOf(child, scope.url), unlimited });
    } else if (isVariable(child)) found.variables.push(variable(child, path, scope));
  }
  return found;
}

const constructors = new Set(['Structure', 'Sequence', 'Opaque', 'Enum']);

function isVariable({ name }: XmlElement): boolean {
  return constructors.has(name) || atomicType(spelling(name)) !== undefined;
}

/** Types whose names differ only in case between servers. */
function spelling(type: string): string {
  return type === 'Url' ? 'URL' : type;
}

function variable(element: XmlElement, path: string, scope: Scope): DapVariable {
  return {
    name: nameOf(element, scope.url),
    type: element.name === 'Enum' ? baseType(element, path, scope) : spelling(element.name),
    dimensions: element.children
      .filter(({ name }) => name === 'Dim')
      .map((dim) => dimension(dim, path, scope)),
    attributes: attributesOf(element),
    fields: element.children.filter(isVariable).map((child) => variable(child, path, scope)),
  };
}

function baseType(element: XmlElement, path: string, scope: Scope): string {
  const name = element.attributes.enum ?? '';
  const found = resolve(name, path, scope.enumerations);
  if (found === undefined) throw dapCorrupt(scope.url, `the enumeration "${name}"`, 'none of that name');
  const [, base] = found;
  const width = atomicType(base)?.width ?? 0;
  if (width === 0) throw dapCorrupt(scope.url, `an integer type of the enumeration "${name}"`, `"${base}"`);
  return base;
}

function dimension(element: XmlElement, path: string, scope: Scope): DapDimension {
  const { name } = element.attributes;
  if (name === undefined) return { name: '', size: sizeOf(element, scope.url) };
  const found = resolve(name, path, scope.dimensions);
  if (found === undefined) throw dapCorrupt(scope.url, `the dimension "${name}"`, 'none of that name');
  return { name: found[0], size: found[1] };
}

/** What an absolute name means, or a relative one in the nearest group around. */
function resolve<T>(name: string, path: string, known: ReadonlyMap<string, T>): [string, T] | undefined {
  if (name.startsWith('/')) {
    const value = known.get(name);
    if (value !== undefined) return [name, value];
    // Flattened groups declare "/g/x" in the root.
    const flat = known.get(`/${name}`);
    return flat === undefined ? undefined : [`/${name}`, flat];
  }
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const value = known.get(`${at}/${name}`);
    if (value !== undefined) return [`${at}/${name}`, value];
    if (at === '') return undefined;
  }
}

function nameOf({ name: element, attributes: { name } }: XmlElement, url: string): string {
  if (name === undefined || name === '') throw dapCorrupt(url, `a name of the ${element}`, 'none');
  return name;
}

function sizeOf({ attributes: { name, size = '' } }: XmlElement, url: string): number {
  if (!/^\d{1,16}$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw dapCorrupt(url, `the size of the dimension "${name ?? ''}"`, `"${size}"`);
  }
  return Number(size);
}

/** Attributes; those within containers under the names of both, joined by a dot. What is XML of others is left out. */
function attributesOf(element: XmlElement, prefix = ''): DapAttribute[] {
  return element.children.flatMap((child) => {
    if (child.name !== 'Attribute') return [];
    const { name = '', type = 'String', value } = child.attributes;
    if (type === 'Container') return attributesOf(child, `${prefix}${name}.`);
    if (type === 'OtherXML' || name === '' || /^_DAP4_|^_dap4\./.test(name)) return [];
    const values = child.children
      .filter((part) => part.name === 'Value')
      .map((part) => part.attributes.value ?? part.text);
    if (value !== undefined) values.unshift(value);
    return [{ name: prefix + name, type, values }];
  });
}
