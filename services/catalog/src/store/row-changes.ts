import type { CatalogEvent } from '@hyperslab/proto/catalog';
import { type SearchDocument, searchDocument } from '../find/search-document.ts';

/** What an event does to the rows of the catalog. */
export type RowChange =
  | { kind: 'addVersion'; row: VersionRow; search: SearchDocument }
  | { kind: 'setHidden'; name: string; versions: number[]; hidden: boolean }
  | { kind: 'setAlias'; name: string; alias: string; version: number }
  | { kind: 'deleteAlias'; name: string; alias: string };

/** A version as lists show it. */
export interface VersionRow {
  name: string;
  version: number;
  /** The event that published it: it has the dataset itself. */
  sequence: number;
  title: string;
  publisher: string;
  publishedMs: number;
  cubes: number;
}

/**
 * What an event does to the rows: pure, so that the catalog is what its events, in order, make of nothing, whichever
 * store keeps it.
 */
export function rowChange({ sequence, time, change }: CatalogEvent): RowChange | undefined {
  switch (change?.$case) {
    case 'published': {
      const { name, version, title, publisher, cubes } = change.value;
      const publishedMs = Number(change.value.published ?? time ?? 0);
      const row = { name, version, sequence, title, publisher, publishedMs, cubes: cubes.length };
      return { kind: 'addVersion', row, search: searchDocument(change.value) };
    }
    case 'unpublished':
    case 'restored': {
      const { name, versions } = change.value;
      return { kind: 'setHidden', name, versions, hidden: change.$case === 'unpublished' };
    }
    case 'aliasSet':
      return { kind: 'setAlias', ...change.value };
    case 'aliasDeleted':
      return { kind: 'deleteAlias', name: change.value.name, alias: change.value.alias };
    case undefined:
      return undefined;
  }
}
