import type { Attribute } from '@hyperslab/proto/array';
import type { Dimension, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { joinPath, publicName } from './names.ts';

/** A file's variables by path, without its groups. */
export interface FileVariables {
  variables: Map<string, IndexedVariable>;
  /** Paths of dimensions that can grow. */
  unlimited: Set<string>;
  /** Attributes of the root, and those of groups with their path before the name. */
  attributes: Attribute[];
}

/** All variables of a file, in its order, the root's first. */
export function fileVariables(index: FileIndex): FileVariables {
  const found: FileVariables = { variables: new Map(), unlimited: new Set(), attributes: [] };
  if (index.root !== undefined) addGroup(found, index.root, '');
  return found;
}

function addGroup(found: FileVariables, group: Group, path: string): void {
  for (const attribute of group.attributes) {
    const name = path === '' ? attribute.name : publicName(joinPath(path, attribute.name));
    found.attributes.push(path === '' ? attribute : { ...attribute, name });
  }
  const grows = (dimension: Dimension) => dimension.unlimited;
  for (const { name } of group.dimensions.filter(grows)) found.unlimited.add(joinPath(path, name));
  for (const variable of group.variables) found.variables.set(joinPath(path, variable.name), variable);
  for (const child of group.groups) addGroup(found, child, joinPath(path, child.name));
}
