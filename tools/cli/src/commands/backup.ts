import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { formatByteSize } from '@hyperslab/config';
import { HyperslabError } from '@hyperslab/errors';
import type { Snapshot } from '@hyperslab/proto/backup';
import type { Context } from '../context.ts';
import { exitStatus } from '../exit-status.ts';
import { counted } from '../output/counted.ts';
import { textTable } from '../output/text-table.ts';

/** Takes a snapshot. */
export async function backupNow(context: Context): Promise<void> {
  const { backup } = await context.client();
  const snapshot = jsonSnapshot(await backup.takeSnapshot({ signal: context.signal }));
  context.print(snapshot, () => `took snapshot ${snapshot.id} of ${counted(snapshot.versions, 'version')}`);
}

/** Lists snapshots, newest first. */
export async function backupList(context: Context): Promise<void> {
  const { backup } = await context.client();
  const snapshots = (await backup.snapshots({ signal: context.signal })).map(jsonSnapshot);
  context.print(snapshots, () => {
    const rows = snapshots.map(({ id, taken, versions, bytes }) => [
      id,
      taken ?? '-',
      versions,
      formatByteSize(bytes),
    ]);
    return textTable(['id', 'taken', 'versions', 'size'], rows);
  });
}

/** Reads the journal, or a snapshot, back. Exit status 1 when something is wrong with it. */
export async function backupVerify(context: Context, [snapshotId]: string[]): Promise<number> {
  const { backup } = await context.client();
  const { entries, manifests, problems } = await backup.verify(snapshotId, { signal: context.signal });
  context.print({ entries, manifests, problems }, () =>
    problems.length === 0
      ? `all is well: ${counted(entries, 'entry', 'entries')} and ${counted(manifests, 'manifest')} were read back`
      : problems.join('\n'),
  );
  return problems.length === 0 ? exitStatus.done : exitStatus.failed;
}

/** Puts manifests that the object store lost back into it. */
export async function backupRestore(context: Context): Promise<void> {
  const { backup } = await context.client();
  const restored = await backup.restoreObjects({ signal: context.signal });
  context.print({ restored }, () => `put ${counted(restored, 'manifest')} back into the object store`);
}

/** Writes every dataset as Markdown below a folder. */
export async function backupExport(context: Context, [directory]: string[]): Promise<void> {
  const { backup } = await context.client();
  const root = resolve(directory);
  let documents = 0;
  for await (const { path, markdown } of backup.export({ signal: context.signal })) {
    const target = pathWithin(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, markdown);
    documents++;
  }
  context.print(
    { directory: root, documents },
    () => `wrote ${counted(documents, 'document')} below ${root}`,
  );
}

/** Where a document of a service goes; a path that leads out of the folder is refused. */
function pathWithin(root: string, path: string): string {
  const target = join(root, path);
  if (relative(root, target).startsWith('..')) {
    throw new HyperslabError('INTERNAL', `the backup names a document outside the folder: ${path}`, { path });
  }
  return target;
}

function jsonSnapshot(snapshot: Snapshot) {
  return {
    id: snapshot.snapshotId,
    taken: snapshot.taken?.toISOString() ?? null,
    catalog_sequence: snapshot.catalogSequence,
    scheduler_sequence: snapshot.schedulerSequence,
    versions: snapshot.versions,
    bytes: snapshot.bytes,
  };
}
