import type { FileIndex } from '@hyperslab/proto/index';
import type { Storage } from '@hyperslab/storage';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { JsonBudget, parseJson } from '../json/parse-json.ts';
import { indexNodes } from '../zarr/index-store.ts';
import { assertMetadataSize } from '../zarr/metadata-budget.ts';
import { MetadataFields } from '../zarr/metadata-fields.ts';
import { checkedPath, type StoreNode, v3Node } from '../zarr/store-nodes.ts';
import { icechunkStore } from './icechunk-store.ts';
import { ManifestReader } from './manifest-reader.ts';
import { fileTypes, metadataFileType } from './metadata-file.ts';
import { readIfThere, readMetadata } from './read-metadata.ts';
import { parseReference } from './references.ts';
import { parseRepoInfo } from './repo-info.ts';
import { parseSnapshot, type SnapshotNode } from './snapshot.ts';
import { VirtualLocations } from './virtual-locations.ts';

/**
 * Icechunk stores (specification, versions 1 and 2.1), named by `repo` or `refs/branch.main/ref.json`, which stand for the branch
 * "main", by another reference of version 1, or by a snapshot.
 */
export const icechunkReader: FormatReader = { name: 'icechunk', recognise: isIcechunkFile, index };

/** Whether an object that begins like this is a part of an Icechunk store. */
export function isIcechunkFile(head: Uint8Array): boolean {
  return metadataFileType(head) !== undefined || isReference(head);
}

/** A reference file of version 1. */
function isReference(head: Uint8Array): boolean {
  return (
    head.length < 256 && /^\s*\{\s*"snapshot"\s*:\s*"\w{20}"\s*\}\s*$/.test(Buffer.from(head).toString())
  );
}

async function index({ source, version, head, storage, signal }: IndexRequest): Promise<FileIndex> {
  const { url } = source;
  if (storage === undefined) {
    const what = 'an Icechunk store of which only one object may be read';
    throw formatUnsupported(url, 0, what, 'publish it by its URL');
  }
  assertMetadataSize(url, version.size);
  const isWhole = head.length === version.size;
  const range = { offset: 0, length: version.size };
  const [bytes] = isWhole ? [head] : await source.read([range], { signal, expect: version });
  const { root, snapshot } = located(bytes, url);
  const snapshotUrl = snapshot === undefined ? url : `${root}snapshots/${snapshot}`;
  const content = snapshot === undefined ? bytes : await readMetadata(snapshotUrl, storage, signal);
  const found = await indexSnapshot(parseSnapshot(content, snapshotUrl), snapshotUrl, root, storage, signal);
  return { url, format: 'icechunk', version, ...found, bytesRead: 0 };
}

/** The root of the store, ending in a slash, and the snapshot that an object leads to; none when it is one. */
function located(bytes: Uint8Array, url: string): { root: string; snapshot?: string } {
  const type = metadataFileType(bytes);
  const path = url.replace(/^(https?:[^?]*)\?.*$/, '$1');
  const rootOf = (place: RegExp, where: string) => {
    if (place.test(path)) return path.replace(place, '');
    throw formatCorrupt(url, 0, `an object of an Icechunk store in its place (${where})`, 'it elsewhere');
  };
  if (type === undefined) {
    const root = rootOf(/refs\/[^/]+\/[^/]+$/, 'refs/branch.NAME/ref.json');
    return { root, snapshot: parseReference(bytes, url) };
  }
  if (type === fileTypes.snapshot) return { root: rootOf(/snapshots\/[^/]+$/, 'snapshots/ID') };
  if (type !== fileTypes.repo) {
    throw formatUnsupported(url, 0, `a part of an Icechunk store (type ${type})`, 'publish its root');
  }
  const snapshot = parseRepoInfo(bytes, url).branch('main');
  if (snapshot === undefined) throw formatCorrupt(url, 0, 'a branch "main"', 'none');
  return { root: rootOf(/[^/]+$/, 'repo'), snapshot };
}

async function indexSnapshot(
  snapshot: readonly SnapshotNode[],
  url: string,
  root: string,
  storage: Storage,
  signal?: AbortSignal,
): Promise<Pick<FileIndex, 'root' | 'others' | 'notes'>> {
  const nodes: StoreNode[] = [];
  const byFolder = new Map<string, SnapshotNode>();
  const budget = new JsonBudget();
  for (const node of snapshot) {
    const path = node.path === '/' ? '' : checkedPath(url, node.path.slice(1));
    const document = parseJson(node.metadata, `${url}: zarr.json of ${node.path}`, budget);
    const known = v3Node(new MetadataFields(document, url, node.path), path);
    if ((known.array === undefined) !== (node.manifests === undefined))
      throw formatCorrupt(url, 0, `${node.path} to be of the type that its zarr.json says`, 'another one');
    nodes.push(known);
    byFolder.set(path === '' ? '' : `${path}/`, node);
  }
  const repo = async () => {
    const bytes = await readIfThere(`${root}repo`, storage, signal);
    return bytes && parseRepoInfo(bytes, `${root}repo`);
  };
  const manifests = new ManifestReader(root, storage, signal);
  await manifests.readAhead(new Set(snapshot.flatMap((node) => [...(node.manifests?.keys() ?? [])])));
  const locations = new VirtualLocations(storage, url, repo);
  const store = icechunkStore({ root, nodes: byFolder, manifests, locations, storage, signal });
  return indexNodes(nodes, store);
}
