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
const mostContainers = 65536;

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
    for (const reference of root.tables(field)) {
      if (reference.text(0) !== name) continue;
      const snapshot = root.tableOf(4, reference.uint32(1));
      if (snapshot === undefined) throw reference.corrupt(`the snapshot of ${name}`, 'none');
      return objectName(snapshot.required(snapshot.struct(0, 12), 'id'));
    }
    return undefined;
  };
  const configuration = root.bytes(9);
  return {
    branch: (name) => find(2, name),
    tag: (name) => find(1, name),
    container: (name) => configuration && containerPrefix(FlexValue.root(configuration, url), name, url),
  };
}

/** Of the containers of virtual chunks in a repository's configuration, the prefix of the one with a name. */
function containerPrefix(configuration: FlexValue, name: string, url: string): string | undefined {
  let count = 0;
  for (const [, container] of configuration.member('virtual_chunk_containers')?.members() ?? []) {
    if (++count > mostContainers)
      throw formatCorrupt(url, 0, `at most ${mostContainers} containers of virtual chunks`, 'more');
    if (container.member('name')?.text() !== name) continue;
    const prefix = container.member('url_prefix')?.text();
    if (prefix !== undefined) return prefix.endsWith('/') ? prefix : `${prefix}/`;
  }
  return undefined;
}
