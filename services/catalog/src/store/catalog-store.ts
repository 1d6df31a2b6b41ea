import type { CatalogEvent } from '@hyperslab/proto/catalog';
import type { DatasetFilter } from '../find/dataset-filter.ts';
import type { VersionRow } from './row-changes.ts';

/** A version with whether it is hidden. */
export interface ListedVersion extends VersionRow {
  hidden: boolean;
}

/** An event with whether the backup has it. */
export interface StoredEvent {
  event: CatalogEvent;
  durable: boolean;
}

/**
 * Where the catalog is kept. Events come first as pending (the outbox), where nobody sees what they do; they take
 * effect when the backup has them. A store does each call as one transaction that survives a crash.
 */
export interface CatalogStore {
  /** Last event that has taken effect, and last event at all; 0 when there is none. */
  positions(): Promise<{ durable: number; last: number }>;
  /** Puts events, numbered on from the last one, into the outbox. */
  addPending(events: readonly CatalogEvent[]): Promise<void>;
  /** Events that the backup may not have, in order. */
  pending(): Promise<CatalogEvent[]>;
  /**
   * Lets events take effect, in order: pending ones, or ones that the backup gave back. Those that have are left.
   * @throws HyperslabError JOURNAL_CONFLICT when a pending one has other content, JOURNAL_GAP when one is missing
   */
  apply(events: readonly CatalogEvent[]): Promise<void>;
  /** Events that have taken effect, from a number on, in order. */
  events(fromSequence: number, limit: number): Promise<CatalogEvent[]>;
  /** The event that a request caused, or was answered without causing one. */
  eventOfRequest(requestId: string): Promise<StoredEvent | undefined>;
  /** Remembers, for a week at least, that a request which causes no event was answered an earlier one. */
  addAnswer(requestId: string, sequence: number): Promise<void>;
  /** The highest version that a name was ever given, pending ones included; 0 for none. */
  lastVersion(name: string): Promise<number>;
  /** Versions of a name, newest first, below `before`; hidden ones too. */
  versions(name: string, before: number, limit: number): Promise<ListedVersion[]>;
  /** One version, hidden or not. */
  version(name: string, version: number): Promise<ListedVersion | undefined>;
  /** The highest visible version of a name. */
  latestVersion(name: string): Promise<number | undefined>;
  /** Aliases of a name, without "latest". */
  aliases(name: string): Promise<Map<string, number>>;
  /** Latest visible versions of names after `after`, by name. */
  find(filter: DatasetFilter, after: string, limit: number): Promise<ListedVersion[]>;
  /** How many versions there are. */
  versionCount(): Promise<number>;
  close(): Promise<void>;
}
