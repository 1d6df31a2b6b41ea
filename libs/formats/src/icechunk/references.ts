import { HyperslabError } from '@hyperslab/errors';
import type { Storage } from '@hyperslab/storage';
import { formatCorrupt } from '../format-error.ts';
import { parseJson } from '../json/parse-json.ts';
import { isObject } from '../zarr/metadata-fields.ts';
import { isObjectName } from './object-id.ts';
import { readIfThere } from './read-metadata.ts';
import { parseRepoInfo } from './repo-info.ts';

/** What names a snapshot of a store. */
export interface IcechunkReference {
  /** URL of the store's root, ending in a slash. */
  root: string;
  kind: 'branch' | 'tag' | 'snapshot';
  name: string;
}

/** Objects below the root of a store by which it is named: of version 2, and of version 1. Both stand for the branch "main". */
export const icechunkRootNames: readonly string[] = ['repo', 'refs/branch.main/ref.json'];

/** The reference that a URL ends with: `URL#branch=NAME`, `#tag=NAME` or `#snapshot=ID`; undefined when it has none. */
export function icechunkReference(url: string): IcechunkReference | undefined {
  const hash = url.indexOf('#');
  const [, kind, name] = /^(branch|tag|snapshot)=(.+)$/s.exec(url.slice(hash + 1)) ?? [];
  if (hash < 1 || kind === undefined) return undefined;
  const root = url.slice(0, url[hash - 1] === '/' ? hash - 1 : hash);
  return { root: `${root}/`, kind: kind as IcechunkReference['kind'], name };
}

/**
 * URL of the snapshot that a reference is at now. Throws OBJECT_NOT_FOUND when the store has no such branch or tag,
 * URL_INVALID for what is no name of a snapshot, and what reading throws.
 */
export async function snapshotUrl(
  { root, kind, name }: IcechunkReference,
  storage: Storage,
  signal?: AbortSignal,
): Promise<string> {
  if (kind === 'snapshot') {
    if (isObjectName(name)) return `${root}snapshots/${name}`;
    const message = `${root}#snapshot=${name}: expected 20 digits and capital letters without I, L, O and U, as the store names its snapshots`;
    throw new HyperslabError('URL_INVALID', message, { url: root });
  }
  const repo = await readIfThere(`${root}repo`, storage, signal);
  const snapshot =
    repo === undefined
      ? await referenceOfVersion1(root, kind, name, storage, signal)
      : parseRepoInfo(repo, `${root}repo`)[kind](name);
  if (snapshot !== undefined) return `${root}snapshots/${snapshot}`;
  const message = `${root}: expected an Icechunk store with a ${kind} "${name}", found none; check the name`;
  throw new HyperslabError('OBJECT_NOT_FOUND', message, { url: root });
}

/** Version 1 has an object for each; a tag that was deleted keeps its own and gets another one. */
async function referenceOfVersion1(
  root: string,
  kind: 'branch' | 'tag',
  name: string,
  storage: Storage,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const folder = /^s3:/i.test(root) || root.startsWith('/') ? name : encodeURIComponent(name);
  const url = `${root}refs/${kind}.${folder}/ref.json`;
  if (kind === 'tag' && (await readIfThere(`${url}.deleted`, storage, signal)) !== undefined)
    return undefined;
  const bytes = await readIfThere(url, storage, signal);
  return bytes && parseReference(bytes, url);
}

/** The snapshot in a reference file of version 1 (specification 1, "Reference Files"). Throws FORMAT_CORRUPT. */
export function parseReference(bytes: Uint8Array, url: string): string {
  const document = parseJson(bytes, url);
  const name = isObject(document) ? document.snapshot : undefined;
  if (typeof name === 'string' && isObjectName(name)) return name;
  throw formatCorrupt(url, 0, 'the name of a snapshot in a reference of Icechunk', 'none');
}
