import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** Real weather files with ORACLE.json and COLLECTIONS.json, where they are beside the repository. */
export function sharedData(): string | undefined {
  return existing(join(repository, '../shared/data'));
}

/** Conformance corpora, where they are beside the repository. */
export function sharedCorpora(): string | undefined {
  return existing(join(repository, '../shared/corpora'));
}

/** Scripts that build and start a one-node Kubernetes cluster, where they are beside the repository. */
export function sharedCluster(): string | undefined {
  return existing(join(repository, '../shared/cluster'));
}

/** A file that those scripts keep: programs are in `bin`, images in `images`. It need not be there. */
export function clusterCache(...path: string[]): string {
  return join(process.env.KUBE_ONE_CACHE ?? join(homedir(), '.cache/kube-one-node'), ...path);
}

/** The Python that `tools/setup.mjs --tests` prepared with the reference readers. */
export function pythonPath(): string | undefined {
  return existing(join(repository, '.tools/python/bin/python'));
}

/** A foreign program: what `tools/setup.mjs --tests` built, or Debian's. */
export function toolPath(name: 'versitygw' | 'ncdump' | 'ncgen' | 'otel-collector'): string | undefined {
  return existing(join(repository, '.tools/bin', name)) ?? existing(join('/usr/bin', name));
}

/** Makes a folder, calls with it, and removes it, whatever happens. */
export async function withTemporaryDirectory<T>(body: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'hyperslab-'));
  try {
    return await body(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
