import type { DatabaseSync } from 'node:sqlite';
import { HyperslabError } from '@hyperslab/errors';

/**
 * Steps from an empty database to today's, in order; user_version counts those that were made. A step that was
 * released never changes.
 *
 * `events` is the catalog: `versions` and `aliases` are what its durable events make, and `latest`, `cubes` and
 * `search` are made from the visible versions for searching. A dataset itself is in the event that published it.
 * `answers` are requests that caused no event and were answered an earlier one.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    durable INTEGER NOT NULL,
    published_name TEXT,
    published_version INTEGER,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX events_request ON events (request_id);
  CREATE INDEX events_pending ON events (sequence) WHERE durable = 0;
  CREATE INDEX events_published ON events (published_name, published_version) WHERE published_name IS NOT NULL;

  CREATE TABLE versions (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    published_ms INTEGER NOT NULL,
    cubes INTEGER NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (name, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE aliases (
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (name, alias)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE latest (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE cubes (
    dataset INTEGER NOT NULL REFERENCES latest (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    standard_name TEXT NOT NULL,
    long_name TEXT NOT NULL,
    time_start TEXT,
    time_end TEXT,
    south REAL,
    north REAL,
    west1 REAL,
    east1 REAL,
    west2 REAL,
    east2 REAL
  ) STRICT;
  CREATE INDEX cubes_dataset ON cubes (dataset);

  CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'trigram');
  `,
  `
  CREATE TABLE answers (
    request_id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    answered_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX answers_age ON answers (answered_ms);
  `,
];

/**
 * Brings a database up to date.
 * @throws HyperslabError FORMAT_UNSUPPORTED when a newer version of Hyperslab wrote it
 */
export function migrate(database: DatabaseSync): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length)
    throw new HyperslabError(
      'FORMAT_UNSUPPORTED',
      `catalog database: of version ${version}, this program knows ${migrations.length}; run the newer program`,
    );
  for (const [index, step] of migrations.entries())
    if (index >= version)
      database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
}
