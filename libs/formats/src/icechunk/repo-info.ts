import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import { FlexValue } from './flex-value.ts';
import { openMetadataFile } from './metadata-file.ts';
import { objectName } from './object-id.ts';

/** What of a repo info file matters to a reader. */
export interface RepoInfo {
  /** Name of the snapshot that a branch is at; undefined when there is no such branch. */
  branch(name: string): string | undefined;
  tag(name: string): string | undefined;
  /** The URL prefix of a container of virtual chunks by its name, ending in a slash; undefined when there is none. */
  container(name: string): string | undefined;
}

const offline = 2;
const mostReferences = 1024 * 1024;
const mostContainers = 65536;

/** What reading containers may cost: of a damaged configuration all may have the same many members, or the same long text. */
const mostCost = 16 * 1024 * 1024;
const costOfMember = 16;

/**
 * The repo info file of a store of version 2 (specification 2.1, "Repo Info File"; `repo.fbs`). Throws FORMAT_CORRUPT;
 * FORMAT_UNSUPPORTED for a store that was set offline.
 */
export function parseRepoInfo(bytes: Uint8Array, url: string): RepoInfo {
  const { root } = openMetadataFile(bytes, url, 'repo');
  const status = root.table(5);
  if (status?.uint8(0, 0) === offline) {
    const reason = status.text(2)?.slice(0, 200);
    const what = `a store that was set offline${reason === undefined ? '' : ` (${reason})`}`;
    throw formatUnsupported(url, 0, what, 'set it online');
  }
  const find = (field: number, name: string) => {
    const wanted = Buffer.from(name);
    let count = 0;
    for (const reference of root.tables(field)) {
      if (++count > mostReferences)
        throw reference.corrupt(`at most ${mostReferences} branches or tags`, 'more');
      // As bytes: many references may have the same long name.
      if (!wanted.equals(reference.required(reference.bytes(0), 'name'))) continue;
      const snapshot = root.tableOf(4, reference.uint32(1));
      if (snapshot === undefined) throw reference.corrupt(`the snapshot of ${name}`, 'none');
      return objectName(snapshot.required(snapshot.struct(0, 12), 'id'));
    }
    return undefined;
  };
  const configuration = root.bytes(9);
  let containers: ReadonlyMap<string, string> | undefined;
  return {
    branch: (name) => find(2, name),
    tag: (name) => find(1, name),
    container: (name) => {
      if (configuration === undefined) return undefined;
      containers ??= containerPrefixes(FlexValue.root(configuration, url), url);
      return containers.get(name);
    },
  };
}

/** Prefixes of the containers of virtual chunks in a repository's configuration, by the names of those that have one. */
function containerPrefixes(configuration: FlexValue, url: string): ReadonlyMap<string, string> {
  const prefixes = new Map<string, string>();
  let [count, costLeft] = [0, mostCost];
  const spend = (cost: number) => {
    costLeft -= cost;
    if (costLeft < 0) throw formatCorrupt(url, 0, 'containers of virtual chunks with few members', 'more');
  };
  for (const [, container] of configuration.member('virtual_chunk_containers')?.members() ?? []) {
    if (++count > mostContainers)
      throw formatCorrupt(url, 0, `at most ${mostContainers} containers of virtual chunks`, 'more');
    let name: string | undefined;
    let prefix: string | undefined;
    for (const [key, value] of container.members()) {
      spend(costOfMember);
      if (key === 'name') name ??= value.text();
      if (key === 'url_prefix') prefix ??= value.text();
    }
    spend((name?.length ?? 0) + (prefix?.length ?? 0));
    if (name === undefined || prefix === undefined || prefixes.has(name)) continue;
    prefixes.set(name, prefix.endsWith('/') ? prefix : `${prefix}/`);
  }
  return prefixes;
}
