import { HyperslabError } from '@hyperslab/errors';
import { AppendRequest, type JournalEntry } from '@hyperslab/proto/backup';
import { isEqualEntry, sequenceOf } from './entries.ts';
import { type JournalFile, openJournalFile } from './journal-file.ts';

/** The entries of one service, in order from 1, without gaps. */
export interface Journal {
  /** Last sequence number that is durable; 0 when empty. */
  readonly position: number;
  /** Why it takes nothing more, or undefined. */
  readonly broken: HyperslabError | undefined;
  /**
   * Makes consecutive entries durable and answers the position. Entries that are there are taken as done.
   * @throws HyperslabError JOURNAL_CONFLICT when one is there with other content, JOURNAL_GAP when one is missing
   * before them, DISK_FULL, STORAGE_UNAVAILABLE
   */
  append(entries: readonly JournalEntry[]): Promise<number>;
  /** Entries from a sequence number on, in order, up to the position at the time of the call. */
  read(fromSequence: number): AsyncGenerator<JournalEntry, void, undefined>;
  close(): Promise<void>;
}

/** Told how many entries each fsync made durable. */
export type OnSync = (entries: number) => void;

/** Every so many entries, the offset of their frame is remembered: reading starts there. */
const indexInterval = 64;

/** One write takes at most this many bytes of entries from those that wait. */
const groupBytes = 8 * 2 ** 20;

interface Waiting {
  entries: readonly JournalEntry[];
  resolve: (position: number) => void;
  reject: (error: unknown) => void;
}

/** Opens a journal, checks all of it and cuts off what a crash left half written. */
export async function openJournal(path: string, onSync: OnSync = () => {}): Promise<Journal> {
  const file = await openJournalFile(path);
  const index = new FrameIndex();
  let position = 0;
  for await (const { offset, payload } of file.frames(0)) {
    const { entries } = AppendRequest.decode(payload);
    for (const entry of entries)
      if (sequenceOf(entry) !== ++position) throw outOfOrder(path, offset, position, sequenceOf(entry));
    index.add(position - entries.length + 1, offset);
  }
  return new GroupCommittingJournal(file, index, position, onSync);
}

class GroupCommittingJournal implements Journal {
  position: number;
  broken: HyperslabError | undefined;
  readonly #file: JournalFile;
  readonly #index: FrameIndex;
  readonly #onSync: OnSync;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(file: JournalFile, index: FrameIndex, position: number, onSync: OnSync) {
    this.#file = file;
    this.#index = index;
    this.position = position;
    this.#onSync = onSync;
  }

  append(entries: readonly JournalEntry[]): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async *read(fromSequence: number): AsyncGenerator<JournalEntry, void, undefined> {
    const last = this.position;
    if (fromSequence > last) return;
    for await (const { payload } of this.#file.frames(this.#index.offsetFor(fromSequence)))
      for (const entry of AppendRequest.decode(payload).entries) {
        const sequence = sequenceOf(entry);
        if (sequence > last) return;
        if (sequence >= fromSequence) yield entry;
      }
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** Writes groups of what waits until nothing does: callers that come while one is synced share the next. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const accepted: Waiting[] = [];
      const fresh: JournalEntry[] = [];
      const payloads: Uint8Array[] = [];
      let bytes = 0;
      while (this.#waiting.length > 0 && bytes < groupBytes) {
        const waiting = this.#waiting.shift() as Waiting;
        try {
          const added = await this.#newOf(waiting.entries, fresh);
          const payload = AppendRequest.encode({ entries: added, allowMissingManifests: false }).finish();
          accepted.push(waiting);
          fresh.push(...added);
          payloads.push(payload);
          bytes += payload.length;
        } catch (error) {
          waiting.reject(error);
        }
      }
      // Messages of repeated fields, one after the other, are one message with all of them.
      await this.#commit(fresh.length, Buffer.concat(payloads), accepted);
    }
    // In the same turn as the last look at the queue: who comes later starts anew.
    this.#writing = undefined;
  }

  async #commit(added: number, payload: Uint8Array, accepted: Waiting[]): Promise<void> {
    try {
      if (this.broken) throw this.broken;
      if (added > 0) {
        const offset = await this.#file.append(payload);
        this.#index.add(this.position + 1, offset);
        this.position += added;
        this.#onSync(added);
      }
      for (const { resolve } of accepted) resolve(this.position);
    } catch (error) {
      // After a failed fsync nobody knows what is on the disk, and trying again would not tell.
      if (error instanceof HyperslabError && error.reason === 'STORAGE_UNAVAILABLE') this.broken = error;
      for (const { reject } of accepted) reject(error);
    }
  }

  /** Those entries that are not there yet, neither on disk nor in the group that is being made. */
  async #newOf(entries: readonly JournalEntry[], group: readonly JournalEntry[]): Promise<JournalEntry[]> {
    const next = this.position + group.length + 1;
    const first = sequenceOf(entries[0]);
    if (first > next)
      throw new HyperslabError(
        'JOURNAL_GAP',
        `${this.#file.path}: entry ${first} came, but the next one is ${next}; send the entries from ${next} on`,
        { expected: String(next), found: String(first) },
      );
    const known = entries.slice(0, Math.max(0, next - first));
    await this.#assertEqual(known.filter((entry) => sequenceOf(entry) <= this.position));
    for (const entry of known) {
      const earlier = group[sequenceOf(entry) - this.position - 1];
      if (earlier && !isEqualEntry(entry, earlier)) throw this.#conflict(entry);
    }
    return entries.slice(known.length);
  }

  async #assertEqual(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    let index = 0;
    for await (const there of this.read(sequenceOf(entries[0]))) {
      if (!isEqualEntry(there, entries[index])) throw this.#conflict(there);
      if (++index === entries.length) return;
    }
  }

  #conflict(entry: JournalEntry): HyperslabError {
    return new HyperslabError(
      'JOURNAL_CONFLICT',
      `${this.#file.path}: entry ${sequenceOf(entry)} is there with other content; is this the backup of another mesh?`,
      { sequence: String(sequenceOf(entry)), path: this.#file.path },
    );
  }
}

/** Where to begin to read for a sequence number. */
class FrameIndex {
  readonly #sequences: number[] = [];
  readonly #offsets: number[] = [];

  add(firstSequence: number, offset: number): void {
    const last = this.#sequences.at(-1);
    if (last !== undefined && firstSequence < last + indexInterval) return;
    this.#sequences.push(firstSequence);
    this.#offsets.push(offset);
  }

  /** Offset of a frame at or before the one that has the entry. */
  offsetFor(sequence: number): number {
    let low = 0;
    let high = this.#sequences.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sequences[middle] <= sequence) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.#offsets[low - 1];
  }
}

function outOfOrder(path: string, offset: number, expected: number, found: number): HyperslabError {
  return new HyperslabError(
    'CHECKSUM_MISMATCH',
    `${path}: entry ${found} at byte ${offset}, expected ${expected}; restore the file, or move it away to have it ` +
      'filled again',
    { path, offset: String(offset) },
  );
}
