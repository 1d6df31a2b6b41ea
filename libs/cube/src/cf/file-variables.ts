import type { Attribute } from '@hyperslab/proto/array';
import type { Dimension, FieldSet, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { joinPath, publicName } from './names.ts';

/** A file's variables by path, without its groups. */
export interface FileVariables {
  variables: Map<string, IndexedVariable>;
  /** Paths of dimensions that can grow. */
  unlimited: Set<string>;
  /** Attributes of the root, and those of groups with their path before the name. */
  attributes: Attribute[];
}

/** All variables of a file, in its order, the root's first; without those that are there for fields. */
export function fileVariables(index: FileIndex): FileVariables {
  const found: FileVariables = { variables: new Map(), unlimited: new Set(), attributes: [] };
  if (index.root !== undefined) addGroup(found, index.root, '');
  return found;
}

/** Sets of fields with the variables that their groups and those around them have. */
export interface FieldScope {
  /** Path of the group. */
  path: string;
  variables: Map<string, IndexedVariable>;
  sets: FieldSet[];
}

/** Where the fields of a file are. */
export function fieldScopes({ root }: FileIndex): FieldScope[] {
  return root === undefined || !hasFields(root) ? [] : scopesOf(root, '', new Map());
}

function scopesOf(group: Group, path: string, around: ReadonlyMap<string, IndexedVariable>): FieldScope[] {
  const own = group.variables.map((variable) => [joinPath(path, variable.name), variable] as const);
  const variables = new Map([...around, ...own]);
  const here = group.fields === undefined ? [] : [{ path, variables, sets: group.fields.sets }];
  const below = group.groups.filter(hasFields);
  return [...here, ...below.flatMap((child) => scopesOf(child, joinPath(path, child.name), variables))];
}

function hasFields({ fields, groups }: Group): boolean {
  return fields !== undefined || groups.some(hasFields);
}

function addGroup(found: FileVariables, group: Group, path: string): void {
  for (const attribute of group.attributes) {
    const name = path === '' ? attribute.name : publicName(joinPath(path, attribute.name));
    found.attributes.push(path === '' ? attribute : { ...attribute, name });
  }
  const grows = (dimension: Dimension) => dimension.unlimited;
  for (const { name } of group.dimensions.filter(grows)) found.unlimited.add(joinPath(path, name));
  if (!hasFields(group))
    for (const variable of group.variables) found.variables.set(joinPath(path, variable.name), variable);
  for (const child of group.groups) addGroup(found, child, joinPath(path, child.name));
}
