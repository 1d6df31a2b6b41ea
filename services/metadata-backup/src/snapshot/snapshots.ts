import { HyperslabError } from '@hyperslab/errors';
import type { JournalEntry, Snapshot } from '@hyperslab/proto/backup';
import type { ObjectStore } from '@hyperslab/storage';
import { decodeSnapshot, decodeSnapshotHead, encodeSnapshot, headBytes } from './snapshot-format.ts';

const folder = 'snapshots/';
const suffix = '.zst';

/** Copies of all that is known, as objects in the backup store. */
export interface Snapshots {
  /** Writes one, then deletes the oldest beyond those that are kept. */
  take(entries: AsyncIterable<JournalEntry>): Promise<Snapshot>;
  /** Newest first. Objects that are none are told to `onDamaged` and left out. */
  list(): Promise<Snapshot[]>;
  /** Entries of one. @throws HyperslabError SNAPSHOT_NOT_FOUND, CHECKSUM_MISMATCH */
  read(snapshotId: string): AsyncGenerator<JournalEntry, void, undefined>;
}

/** Snapshots in a store; identities begin with their time, so the order of keys is that of age. */
export function createSnapshots(
  store: ObjectStore,
  kept: number,
  onDamaged: (key: string, error: unknown) => void,
): Snapshots {
  const ids = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { url } of store.list(folder)) {
      const name = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
      if (name.endsWith(suffix)) found.push(name.slice(0, -suffix.length));
    }
    return found.sort().reverse();
  };
  const keyOf = (id: string) => `${folder}${id}${suffix}`;

  return {
    async take(entries) {
      const { snapshot, bytes } = await encodeSnapshot(new Date(), entries);
      await store.put(keyOf(snapshot.snapshotId), bytes);
      for (const old of (await ids()).slice(kept)) await store.delete(keyOf(old));
      return snapshot;
    },
    async list() {
      const snapshots: Snapshot[] = [];
      for (const id of await ids()) {
        try {
          const source = store.open(keyOf(id));
          const { size } = await source.stat();
          const [head] = await source.read([{ offset: 0, length: Math.min(headBytes, size) }]);
          snapshots.push({ ...decodeSnapshotHead(head), bytes: size });
        } catch (error) {
          onDamaged(keyOf(id), error);
        }
      }
      return snapshots;
    },
    async *read(snapshotId) {
      if (!(await ids()).includes(snapshotId))
        throw new HyperslabError('SNAPSHOT_NOT_FOUND', `snapshot "${snapshotId}": not in ${store.url}`, {
          snapshotId,
        });
      const source = store.open(keyOf(snapshotId));
      const { size } = await source.stat();
      const [bytes] = await source.read([{ offset: 0, length: size }]);
      yield* decodeSnapshot(bytes);
    },
  };
}
