import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import {
  type GetPositionResponse,
  type JournalEntry,
  JournalName,
  type Snapshot,
  type VerifyResponse,
} from '@hyperslab/proto/backup';
import type { Dataset } from '@hyperslab/proto/cube';
import { type MarkdownWriter, publishedBy } from './documents/markdown-writer.ts';
import { journalOf, sequenceOf } from './journal/entries.ts';
import type { Journal } from './journal/journal.ts';
import { type ManifestKeeper, manifestOf } from './manifest-keeper.ts';
import type { Snapshots } from './snapshot/snapshots.ts';

/** The parts that a backup is made of. */
export interface BackupParts {
  catalog: Journal;
  scheduler: Journal;
  manifests: ManifestKeeper;
  snapshots: Snapshots;
  markdown: MarkdownWriter;
  /** Told of what a person should know and nobody waits for. */
  warn: (message: string) => void;
}

/** What BackupService does, without gRPC. */
export class Backup {
  readonly #parts: BackupParts;
  /** Snapshots are taken one at a time. */
  #taking: Promise<Snapshot> | undefined;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** Makes entries and their manifests durable; answers the position of their journal. */
  async append(
    entries: readonly JournalEntry[],
    allowMissingManifests: boolean,
    signal?: AbortSignal,
  ): Promise<number> {
    const journal = this.#journal(journalOf(entries));
    for (const entry of entries) await this.#keepManifest(entry, allowMissingManifests, signal);
    const position = await journal.append(entries);
    this.#parts.markdown.wake();
    return position;
  }

  async #keepManifest(entry: JournalEntry, allowMissing: boolean, signal?: AbortSignal): Promise<void> {
    const manifest = manifestOf(entry);
    if (!manifest) return;
    try {
      await this.#parts.manifests.keep(manifest, signal);
    } catch (error) {
      const gone =
        isHyperslabError(error, 'OBJECT_NOT_FOUND') || isHyperslabError(error, 'CHECKSUM_MISMATCH');
      if (!gone || !allowMissing) throw error;
      this.#parts.warn(`catalog event ${sequenceOf(entry)}: ${error.message}`);
    }
  }

  position(): GetPositionResponse {
    const { catalog, scheduler } = this.#parts;
    return { catalogSequence: catalog.position, schedulerSequence: scheduler.position };
  }

  replay(name: JournalName, fromSequence: number): AsyncGenerator<JournalEntry, void, undefined> {
    return this.#journal(name).read(Math.max(1, fromSequence));
  }

  /** Everything, the catalog's first. */
  async *#everything(): AsyncGenerator<JournalEntry, void, undefined> {
    yield* this.#parts.catalog.read(1);
    yield* this.#parts.scheduler.read(1);
  }

  takeSnapshot(): Promise<Snapshot> {
    this.#taking ??= this.#parts.snapshots.take(this.#everything()).finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  /** Reads a snapshot, or both journals, and every manifest back. */
  async verify(snapshotId: string, signal?: AbortSignal): Promise<VerifyResponse> {
    const result: VerifyResponse = { entries: 0, manifests: 0, problems: [] };
    const seen = new Set<string>();
    try {
      for await (const entry of snapshotId ? this.#parts.snapshots.read(snapshotId) : this.#everything()) {
        signal?.throwIfAborted();
        result.entries++;
        const manifest = manifestOf(entry);
        if (!manifest || seen.has(manifest.sha256)) continue;
        seen.add(manifest.sha256);
        result.manifests++;
        const problem = await this.#parts.manifests.problem(manifest, signal);
        if (problem)
          result.problems.push(`${publishedBy(entry)?.name}@${publishedBy(entry)?.version}: ${problem}`);
      }
    } catch (error) {
      if (!isHyperslabError(error, 'CHECKSUM_MISMATCH')) throw error;
      result.problems.push(error.message);
    }
    return result;
  }

  /** Puts manifests that the object store lost back; answers how many. */
  async restoreObjects(signal?: AbortSignal): Promise<number> {
    const seen = new Set<string>();
    let restored = 0;
    for await (const entry of this.#parts.catalog.read(1)) {
      const manifest = manifestOf(entry);
      if (!manifest || seen.has(manifest.sha256)) continue;
      seen.add(manifest.sha256);
      if (await this.#parts.manifests.restore(manifest, signal)) restored++;
    }
    return restored;
  }

  /** Every version that was published, in order. */
  async *datasets(): AsyncGenerator<Dataset, void, undefined> {
    for await (const entry of this.#parts.catalog.read(1)) {
      const dataset = publishedBy(entry);
      if (dataset) yield dataset;
    }
  }

  #journal(name: JournalName): Journal {
    if (name === JournalName.JOURNAL_NAME_CATALOG) return this.#parts.catalog;
    if (name === JournalName.JOURNAL_NAME_SCHEDULER) return this.#parts.scheduler;
    throw new HyperslabError('INVALID_ARGUMENT', 'journal: expected the catalog’s or the scheduler’s', {
      field: 'journal',
    });
  }
}
