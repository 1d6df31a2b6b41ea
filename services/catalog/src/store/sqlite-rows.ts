import type { DatabaseSync } from 'node:sqlite';
import type { Dataset } from '@hyperslab/proto/cube';
import { type SearchDocument, searchDocument } from '../find/search-document.ts';
import type { RowChange, VersionRow } from './row-changes.ts';

/** Carries out what events do to the rows of a database. Called inside a transaction. */
export interface SqliteRows {
  change(change: RowChange): void;
}

/**
 * @param datasetOf the dataset that an event published
 */
export function sqliteRows(database: DatabaseSync, datasetOf: (sequence: number) => Dataset): SqliteRows {
  const insertVersion = database.prepare(
    'INSERT INTO versions (name, version, sequence, title, publisher, published_ms, cubes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const setHidden = database.prepare('UPDATE versions SET hidden = ? WHERE name = ? AND version = ?');
  const setAlias = database.prepare('INSERT OR REPLACE INTO aliases (name, alias, version) VALUES (?, ?, ?)');
  const deleteAlias = database.prepare('DELETE FROM aliases WHERE name = ? AND alias = ?');
  const visible = database.prepare(
    'SELECT version, sequence FROM versions WHERE name = ? AND hidden = 0 ORDER BY version DESC LIMIT 1',
  );
  const shown = database.prepare('SELECT id, version FROM latest WHERE name = ?');
  const insertLatest = database.prepare('INSERT INTO latest (name, version) VALUES (?, ?)');
  const deleteLatest = database.prepare('DELETE FROM latest WHERE id = ?');
  const insertSearch = database.prepare('INSERT INTO search (rowid, text) VALUES (?, ?)');
  const deleteSearch = database.prepare('DELETE FROM search WHERE rowid = ?');
  const insertCube = database.prepare('INSERT INTO cubes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');

  /** Makes what is searched that of the latest visible version, if it is of another one. */
  function refreshLatest(name: string, known?: { row: VersionRow; search: SearchDocument }): void {
    const wanted = visible.get(name) as { version: number; sequence: number } | undefined;
    const current = shown.get(name) as { id: number; version: number } | undefined;
    if (wanted?.version === current?.version) return;
    if (current) {
      deleteSearch.run(current.id);
      deleteLatest.run(current.id);
    }
    if (!wanted) return;
    const search =
      known?.row.version === wanted.version ? known.search : searchDocument(datasetOf(wanted.sequence));
    const id = Number(insertLatest.run(name, wanted.version).lastInsertRowid);
    insertSearch.run(id, search.text);
    for (const cube of search.cubes) {
      const [first, second] = cube.longitudes;
      insertCube.run(
        id,
        cube.name,
        cube.standardName,
        cube.longName,
        cube.timeStart ?? null,
        cube.timeEnd ?? null,
        cube.south ?? null,
        cube.north ?? null,
        first?.[0] ?? null,
        first?.[1] ?? null,
        second?.[0] ?? null,
        second?.[1] ?? null,
      );
    }
  }

  return {
    change(change) {
      switch (change.kind) {
        case 'addVersion': {
          const { name, version, sequence, title, publisher, publishedMs, cubes } = change.row;
          insertVersion.run(name, version, sequence, title, publisher, publishedMs, cubes);
          refreshLatest(name, change);
          break;
        }
        case 'setHidden':
          for (const version of change.versions) setHidden.run(Number(change.hidden), change.name, version);
          refreshLatest(change.name);
          break;
        case 'setAlias':
          setAlias.run(change.name, change.alias, change.version);
          break;
        case 'deleteAlias':
          deleteAlias.run(change.name, change.alias);
          break;
      }
    },
  };
}
