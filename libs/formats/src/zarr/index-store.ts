import type { FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import type { Json } from '../json/parse-json.ts';
import { groupAttributes } from './attributes.ts';
import { type Dimensions, findDimensions } from './dimensions.ts';
import type { ChunkStore, KeyStore } from './key-store.ts';
import { type GroupNode, nodeTree } from './node-tree.ts';
import { readNodes, type StoreNode } from './store-nodes.ts';
import { IndexBudget, indexArray } from './variable.ts';

/**
 * What a store holds, from its root metadata document, which lies at `url`. Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED, and
 * what the store throws.
 */
export async function indexStore(
  root: Json,
  url: string,
  store: KeyStore,
): Promise<Pick<FileIndex, 'root' | 'others' | 'notes'>> {
  return indexNodes(await readNodes(root, url, store), store);
}

/** The same of a store whose groups and arrays are known. */
export async function indexNodes(
  nodes: readonly StoreNode[],
  store: ChunkStore,
): Promise<Pick<FileIndex, 'root' | 'others' | 'notes'>> {
  const tree = nodeTree(nodes, storeName(store.url));
  const notes: string[] = [];
  const indexing = { store, dimensions: findDimensions(tree), budget: new IndexBudget(), notes };
  const group = await indexGroup(tree, indexing, nodes[0]?.path === '' && nodes[0].array !== undefined);
  return { root: group, others: store.others(), notes };
}

interface Indexing {
  store: ChunkStore;
  dimensions: Dimensions;
  budget: IndexBudget;
  /** What is noted of the store. */
  notes: string[];
}

async function indexGroup(group: GroupNode, indexing: Indexing, isLoneArray: boolean): Promise<Group> {
  const { store, dimensions, budget, notes } = indexing;
  const variables: IndexedVariable[] = [];
  // One after another: each asks for many keys at once, and objects are numbered as they come.
  for (const [name, array] of group.arrays) {
    const folder = isLoneArray ? '' : `${group.path}/${name}/`.slice(1);
    const variable = await indexArray(name, folder, array, dimensions.of.get(array)!, store, budget);
    variables.push(variable);
    const lengths = variable.chunks?.lengths ?? [];
    if (lengths.length > 0 && lengths.every((length) => length === 0)) {
      notes.push(`${group.path}/${name} holds its fill value only: no chunk of it is there`);
    }
  }
  const groups: Group[] = [];
  for (const child of group.groups.values()) groups.push(await indexGroup(child, indexing, false));
  return {
    name: group.name,
    attributes: groupAttributes(group.attributes),
    dimensions: dimensions.declared.get(group)!,
    variables,
    groups,
  };
}

/** What a lone array is named after: the last folder of its URL, without an ending. */
function storeName(url: string): string {
  const folder = url.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const name = folder.replace(/\.(zarr\d?|zip)\b.*$/i, '');
  try {
    return decodeURIComponent(name) || 'array';
  } catch {
    return name;
  }
}
