import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { type Json, JsonBudget, type JsonObject, parseJson } from '../json/parse-json.ts';
import { parseV2Array } from './array-v2.ts';
import { mustUnderstand, parseV3Array } from './array-v3.ts';
import type { KeyStore } from './key-store.ts';
import { isObject, MetadataFields, wholeNumber } from './metadata-fields.ts';
import type { ZarrArray } from './zarr-array.ts';

/** A group or array of a store. */
export interface StoreNode {
  /** Path without slashes at its ends; empty for the root. */
  path: string;
  /** Attributes of a group. */
  attributes: JsonObject;
  /** Undefined for a group. */
  array?: ZarrArray;
}

/** Documents that are read at once. */
const readsAtOnce = 16;

const mostDepth = 64;

/**
 * All groups and arrays of a store, from its root metadata: consolidated, or with what lies below. Throws FORMAT_CORRUPT and
 * FORMAT_UNSUPPORTED.
 */
export async function readNodes(root: Json, url: string, store: KeyStore): Promise<StoreNode[]> {
  const fields = new MetadataFields(root, url, 'the store');
  if (isObject(fields.object.metadata)) return v2Nodes(Object.entries(fields.object.metadata), url);
  const version = wholeNumber(fields.object.zarr_format);
  if (version === 2) {
    const consolidated = fields.object.shape === undefined ? await unlistedConsolidated(store) : undefined;
    if (consolidated !== undefined) return readNodes(consolidated, `${store.url}.zmetadata`, store);
    return v2Nodes(await documentsBelow(store, root, ['.zgroup', '.zarray', '.zattrs']), url);
  }
  if (version !== 3) throw fields.corrupt('zarr_format', '2 or 3');
  return v3Nodes(fields, store);
}

/** Consolidated metadata beside the named root, where looking for other documents is not possible. */
async function unlistedConsolidated(store: KeyStore): Promise<Json | undefined> {
  if (store.lists) return undefined;
  const url = `${store.url}.zmetadata`;
  const bytes = await store.read('.zmetadata');
  const root = bytes && parseJson(bytes, url);
  // Its chunks are not in the folder: all would seem to be missing.
  if (isObject(root) && root.record_size !== undefined)
    throw formatUnsupported(store.url, 0, 'a group beside references in Parquet', `publish ${url}`);
  return root;
}

function v2Nodes(documents: Iterable<[string, Json]>, url: string): StoreNode[] {
  const byKey = new Map(documents);
  const nodes: StoreNode[] = [];
  for (const [key, document] of byKey) {
    const [, folder, name] = /^(?:(.*)\/)?([^/]*)$/s.exec(key)!;
    const path = checkedPath(url, folder ?? '');
    const owner = `/${path}`;
    const attributesKey = path === '' ? '.zattrs' : `${path}/.zattrs`;
    const attributes = new MetadataFields(byKey.get(attributesKey) ?? {}, url, owner).object;
    if (name === '.zgroup') nodes.push({ path, attributes });
    if (name === '.zarray') {
      const fields = new MetadataFields(document, url, owner);
      nodes.push({ path, attributes: {}, array: parseV2Array(fields, attributes) });
    }
  }
  return nodes;
}

async function v3Nodes(root: MetadataFields, store: KeyStore): Promise<StoreNode[]> {
  const own = v3Node(root, '');
  if (own.array !== undefined) return [own];
  const consolidated = root.object.consolidated_metadata;
  if (isObject(consolidated)) {
    const below = new MetadataFields(consolidated, root.url, root.owner).fields('metadata').object;
    const nodes = Object.entries(below).map(([path, document]) =>
      v3Node(new MetadataFields(document, root.url, `/${path}`), checkedPath(root.url, path)),
    );
    return [own, ...nodes];
  }
  const documents = await documentsBelow(store, root.object, ['zarr.json']);
  return documents.map(([key, document]) => {
    const path = checkedPath(root.url, key.slice(0, Math.max(0, key.lastIndexOf('/'))));
    return v3Node(new MetadataFields(document, root.url, `/${path}`), path);
  });
}

/** A node of v3 by its metadata document. */
export function v3Node(fields: MetadataFields, path: string): StoreNode {
  const type = fields.object.node_type;
  if (type === 'array') return { path, attributes: {}, array: parseV3Array(fields) };
  if (type !== 'group') throw fields.corrupt('node_type', '"array" or "group"');
  const known = ['zarr_format', 'node_type', 'attributes', 'consolidated_metadata'];
  const unknown = Object.entries(fields.object).find(
    ([name, value]) => !known.includes(name) && mustUnderstand(value),
  );
  if (unknown !== undefined) throw fields.unsupported(`extension "${unknown[0]}"`);
  return {
    path,
    attributes: fields.object.attributes === undefined ? {} : fields.fields('attributes').object,
  };
}

/** All documents of these names, by key, in order; the root's own first, which is known already. */
async function documentsBelow(
  store: KeyStore,
  root: Json,
  names: readonly string[],
): Promise<[string, Json][]> {
  const all = store.keysBelow('');
  const isArray = isObject(root) && root.shape !== undefined;
  if (all === undefined && !isArray) {
    const advice = 'consolidate its metadata, or publish it from a store that lists';
    throw formatUnsupported(
      store.url,
      0,
      'a Zarr group without consolidated metadata on a server that lists nothing',
      advice,
    );
  }
  const wanted = all?.filter((key) => names.includes(key.slice(key.lastIndexOf('/') + 1)));
  const keys = wanted ?? names.map((name) => name);
  const documents: [string, Json][] = [];
  const budget = new JsonBudget();
  for (let at = 0; at < keys.length; at += readsAtOnce) {
    const some = keys.slice(at, at + readsAtOnce);
    const read = await Promise.all(
      some.map(async (key): Promise<[string, Json][]> => {
        const bytes = await store.read(key);
        return bytes === undefined ? [] : [[key, parseJson(bytes, store.url + key, budget)]];
      }),
    );
    documents.push(...read.flat());
  }
  return documents;
}

/** A path whose parts are names: it is put into URLs, and into the names of variables. */
export function checkedPath(url: string, path: string): string {
  const names = path === '' ? [] : path.split('/');
  if (names.length > mostDepth || names.some((name) => name === '' || name === '.' || name === '..')) {
    throw formatCorrupt(url, 0, `a path of at most ${mostDepth} names`, JSON.stringify(path.slice(0, 80)));
  }
  return path;
}
