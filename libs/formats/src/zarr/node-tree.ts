import type { JsonObject } from '../json/parse-json.ts';
import type { StoreNode } from './store-nodes.ts';
import type { ZarrArray } from './zarr-array.ts';

/** A group with what lies in it. */
export interface GroupNode {
  name: string;
  /** Absolute, without a slash at its end; empty for the root. */
  path: string;
  attributes: JsonObject;
  /** By name, in the order of the store. */
  arrays: Map<string, ZarrArray>;
  groups: Map<string, GroupNode>;
}

/** The tree that the nodes of a store make; groups that nobody wrote down are there too. A lone array is named `rootName`. */
export function nodeTree(nodes: readonly StoreNode[], rootName: string): GroupNode {
  const root = emptyGroup('', '');
  for (const { path, attributes, array } of nodes) {
    const names = path === '' ? [] : path.split('/');
    if (array !== undefined) {
      const name = names.pop() ?? rootName;
      groupAt(root, names).arrays.set(name, array);
    } else groupAt(root, names).attributes = attributes;
  }
  return root;
}

function groupAt(root: GroupNode, names: readonly string[]): GroupNode {
  let group = root;
  for (const name of names) {
    let child = group.groups.get(name);
    if (child === undefined) {
      child = emptyGroup(name, `${group.path}/${name}`);
      group.groups.set(name, child);
    }
    group = child;
  }
  return group;
}

function emptyGroup(name: string, path: string): GroupNode {
  return { name, path, attributes: {}, arrays: new Map(), groups: new Map() };
}
