/** What services keep for each other and for those that come after them. */
export type DurableKind =
  | 'catalogStore'
  | 'schedulerJournal'
  | 'backupJournal'
  | 'snapshot'
  | 'manifest'
  | 'block';

/** Numbers of the formats of one kind that this version reads, and that it can write. */
interface Versions {
  reads: readonly number[];
  writes: readonly number[];
}

/**
 * Which formats are read and written here. A format that was released stays readable; a number never gets another
 * meaning. Each has a recorded state in integration-tests/history/recorded.
 */
export const durableFormats: Record<DurableKind, Versions> = {
  /** SQLite; what lies in it is `user_version` steps of the catalog's migrations. */
  catalogStore: { reads: [1], writes: [1] },
  /** Length, CRC-32 and a SchedulerEvent. */
  schedulerJournal: { reads: [1], writes: [1] },
  /** Frames "HJF1" with an AppendRequest each. */
  backupJournal: { reads: [1], writes: [1] },
  /** Frames "HJF1", compressed. */
  snapshot: { reads: [1], writes: [1] },
  /** Objects that begin with "HSLM" and a version. */
  manifest: { reads: [1], writes: [1] },
  /** What workers fetch from each other. */
  block: { reads: [1], writes: [1] },
};

/**
 * Formats of a mesh, by number: which format each kind is written in. There is one, so that no writer has to choose yet;
 * with a second one all are to write the older one during an upgrade, for services that are older or rolled back.
 */
export const meshFormats: Record<number, Record<DurableKind, number>> = {
  1: { catalogStore: 1, schedulerJournal: 1, backupJournal: 1, snapshot: 1, manifest: 1, block: 1 },
};

/** The format that is written unless another is asked for. */
export const newestFormat = Math.max(...Object.keys(meshFormats).map(Number));
