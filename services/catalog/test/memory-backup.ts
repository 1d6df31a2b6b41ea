import { isDeepStrictEqual } from 'node:util';
import { HyperslabError } from '@hyperslab/errors';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import type { ManifestRef } from '@hyperslab/proto/cube';
import type { BackupLink } from '../src/write/backup-link.ts';

/** A backup in memory that can be taken away, emptied and counted. */
export class MemoryBackup implements BackupLink {
  events: CatalogEvent[] = [];
  reachable = true;
  /** How many appends there were. */
  appends = 0;
  /** Manifests that can't be had. */
  missing = new Set<string>();
  /** Called before an append is answered. */
  beforeAnswer: () => Promise<void> | void = () => {};

  #assertReachable(): void {
    if (!this.reachable)
      throw new HyperslabError('UNAVAILABLE', 'the backup is not reachable; is it running?');
  }

  async position(): Promise<number> {
    this.#assertReachable();
    return this.events.length;
  }

  async append(events: readonly CatalogEvent[]): Promise<void> {
    this.#assertReachable();
    this.appends++;
    for (const event of events) {
      if (event.sequence > this.events.length + 1) throw new HyperslabError('JOURNAL_GAP', 'a gap');
      const there = this.events[event.sequence - 1];
      if (there && !isDeepStrictEqual(there, event))
        throw new HyperslabError('JOURNAL_CONFLICT', 'other content');
      this.events[event.sequence - 1] = structuredClone(event);
    }
    await this.beforeAnswer();
    this.#assertReachable();
  }

  async *replay(fromSequence: number): AsyncGenerator<CatalogEvent, void, undefined> {
    this.#assertReachable();
    yield* this.events.slice(fromSequence - 1);
  }

  async keepManifest({ sha256 }: ManifestRef): Promise<void> {
    this.#assertReachable();
    if (this.missing.has(sha256))
      throw new HyperslabError('OBJECT_NOT_FOUND', `manifest ${sha256} is nowhere`);
  }
}
