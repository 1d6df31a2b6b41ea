import type { ManifestSink } from '@hyperslab/cube';
import type { ManifestRef } from '@hyperslab/proto/cube';
import { ScratchFile } from './scratch-file.ts';
import type { TaskEnvironment } from './task-environment.ts';

/**
 * Puts the manifest that `write` writes into the object store, under its content's address, unless it is there.
 * @throws HyperslabError what `write` throws, DISK_FULL, and what the store throws
 */
export async function putManifest<T extends { manifest?: ManifestRef }>(
  { objects, scratch }: Pick<TaskEnvironment, 'objects' | 'scratch'>,
  write: (sink: ManifestSink) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const file = new ScratchFile(scratch);
  try {
    const written = await write(file);
    const key = `manifests/${written.manifest?.sha256}`;
    if (!(await objects.has(key, signal))) await objects.put(key, file.content(), signal);
    return written;
  } finally {
    file.close();
  }
}
