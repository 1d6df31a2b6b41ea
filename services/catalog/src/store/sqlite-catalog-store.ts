import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { HyperslabError } from '@hyperslab/errors';
import { CatalogEvent } from '@hyperslab/proto/catalog';
import type { Dataset } from '@hyperslab/proto/cube';
import type { DatasetFilter } from '../find/dataset-filter.ts';
import type { CatalogStore, ListedVersion, StoredEvent } from './catalog-store.ts';
import { findQuery } from './find-query.ts';
import { migrate } from './migrations.ts';
import { rowChange } from './row-changes.ts';
import { sqliteRows } from './sqlite-rows.ts';

interface EventRow {
  body: Uint8Array;
  durable: number;
}

interface VersionColumns {
  name: string;
  version: number;
  sequence: number;
  title: string;
  publisher: string;
  published_ms: number;
  cubes: number;
  hidden: number;
}

/** Followers ask every some seconds, and nobody repeats a request after so long. */
const answersMs = 7 * 24 * 60 * 60 * 1000;

/**
 * The catalog in one file (write-ahead log, synchronous=FULL: a commit is on the disk when it returns). Calls are
 * synchronous inside: a transaction can't be interleaved with another.
 * @throws HyperslabError FORMAT_UNSUPPORTED for the file of a newer program, FORMAT_CORRUPT for no database
 */
export function openSqliteCatalogStore(path: string): CatalogStore {
  mkdirSync(dirname(path), { recursive: true });
  const database = openDatabase(path);
  const rows = sqliteRows(database, datasetOf);
  const insertEvent = database.prepare(
    'INSERT INTO events (sequence, request_id, durable, published_name, published_version, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const markDurable = database.prepare('UPDATE events SET durable = 1 WHERE sequence = ?');

  function get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return database.prepare(sql).get(...values) as Row | undefined;
  }
  function all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return database.prepare(sql).all(...values) as Row[];
  }
  function datasetOf(sequence: number): Dataset {
    const row = get<EventRow>('SELECT body, durable FROM events WHERE sequence = ?', sequence);
    const change = row && CatalogEvent.decode(row.body).change;
    if (change?.$case === 'published') return change.value;
    throw new HyperslabError('INTERNAL', `catalog event ${sequence}: expected a published dataset`);
  }
  function insert(event: CatalogEvent, durable: boolean): void {
    const dataset = event.change?.$case === 'published' ? event.change.value : undefined;
    const body = CatalogEvent.encode(event).finish();
    const named = [dataset?.name ?? null, dataset?.version ?? null] as const;
    insertEvent.run(event.sequence, event.requestId, Number(durable), ...named, body);
  }
  function last(durable: 0 | 1): number {
    return get<{ last: number }>(
      'SELECT ifnull(max(sequence), 0) AS last FROM events WHERE durable >= ?',
      durable,
    )!.last;
  }
  function applyOne(event: CatalogEvent): void {
    const row = get<EventRow>('SELECT body, durable FROM events WHERE sequence = ?', event.sequence);
    if (row && Buffer.compare(row.body, CatalogEvent.encode(event).finish()) !== 0)
      throw conflict(event.sequence);
    if (row?.durable) return;
    const expected = last(1) + 1;
    if (event.sequence !== expected)
      throw new HyperslabError('JOURNAL_GAP', `catalog event ${event.sequence}: expected event ${expected}`);
    if (row) markDurable.run(event.sequence);
    else insert(event, true);
    const change = rowChange(event);
    if (change) rows.change(change);
  }

  return {
    positions: async () => ({ durable: last(1), last: last(0) }),
    addPending: async (events) =>
      inTransaction(database, () => {
        for (const event of events) insert(event, false);
      }),
    pending: async () =>
      all<EventRow>('SELECT body FROM events WHERE durable = 0 ORDER BY sequence').map(({ body }) =>
        CatalogEvent.decode(body),
      ),
    apply: async (events) =>
      inTransaction(database, () => {
        for (const event of events) applyOne(event);
      }),
    events: async (fromSequence, limit) =>
      all<EventRow>(
        'SELECT body FROM events WHERE durable = 1 AND sequence >= ? ORDER BY sequence LIMIT ?',
        fromSequence,
        limit,
      ).map(({ body }) => CatalogEvent.decode(body)),
    eventOfRequest: async (requestId) => {
      const row = get<EventRow>(
        `SELECT body, durable FROM events
         WHERE request_id = ?1 OR sequence = (SELECT sequence FROM answers WHERE request_id = ?1) LIMIT 1`,
        requestId,
      );
      return (
        row && ({ event: CatalogEvent.decode(row.body), durable: row.durable === 1 } satisfies StoredEvent)
      );
    },
    addAnswer: async (requestId, sequence) =>
      inTransaction(database, () => {
        database.prepare('DELETE FROM answers WHERE answered_ms < ?').run(Date.now() - answersMs);
        database.prepare('INSERT INTO answers VALUES (?, ?, ?)').run(requestId, sequence, Date.now());
      }),
    lastVersion: async (name) =>
      get<{ last: number }>(
        'SELECT ifnull(max(published_version), 0) AS last FROM events WHERE published_name = ?',
        name,
      )!.last,
    versions: async (name, before, limit) =>
      all<VersionColumns>(
        'SELECT * FROM versions WHERE name = ? AND version < ? ORDER BY version DESC LIMIT ?',
        name,
        before,
        limit,
      ).map(listedVersion),
    version: async (name, version) => {
      const row = get<VersionColumns>('SELECT * FROM versions WHERE name = ? AND version = ?', name, version);
      return row && listedVersion(row);
    },
    latestVersion: async (name) =>
      get<{ version: number }>('SELECT version FROM latest WHERE name = ?', name)?.version,
    aliases: async (name) =>
      new Map(
        all<{ alias: string; version: number }>(
          'SELECT alias, version FROM aliases WHERE name = ? ORDER BY alias',
          name,
        ).map(({ alias, version }) => [alias, version]),
      ),
    find: async (filter: DatasetFilter, after, limit) => {
      const { sql, values } = findQuery(filter, after, limit);
      return all<VersionColumns>(sql, ...values).map(listedVersion);
    },
    versionCount: async () => get<{ count: number }>('SELECT count(*) AS count FROM versions')!.count,
    close: async () => database.close(),
  };
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof HyperslabError) throw error;
    throw new HyperslabError(
      'FORMAT_CORRUPT',
      `${path}: ${(error as Error).message}; move the catalog folder away to have it restored from the backup`,
      { path },
      error,
    );
  }
}

/** SQLITE_FULL (SQLite, "Result and Error Codes"). */
const sqliteFull = 13;

function inTransaction(database: DatabaseSync, body: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    body();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    if ((error as { errcode?: number }).errcode === sqliteFull)
      throw new HyperslabError('DISK_FULL', 'catalog database: the disk is full; free some space', {}, error);
    throw error;
  }
}

function listedVersion({ published_ms: publishedMs, hidden, ...row }: VersionColumns): ListedVersion {
  return { ...row, publishedMs, hidden: hidden === 1 };
}

function conflict(sequence: number): HyperslabError {
  return new HyperslabError(
    'JOURNAL_CONFLICT',
    `catalog event ${sequence}: the backup has another one; move the catalog folder away to have it restored from the ` +
      'backup, or give the catalog its own backup',
    { sequence: String(sequence) },
  );
}
