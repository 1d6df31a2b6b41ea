import { createHash } from 'node:crypto';
import { assertDatasetName } from '@hyperslab/cube/dataset-name';
import { HyperslabError } from '@hyperslab/errors';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import { Dataset } from '@hyperslab/proto/cube';
import { assertAlias, parseReference } from '../reference.ts';
import type { CatalogStore } from '../store/catalog-store.ts';

/** What somebody wants changed. */
export interface Command {
  requestId: string;
  caller: string;
  wish: /** With `unlessSame`, the latest visible version does when it is the same. */
    | { kind: 'publish'; dataset: Dataset; unlessSame?: boolean }
    | { kind: 'unpublish' | 'restore'; reference: string }
    | { kind: 'setAlias'; name: string; alias: string; version: number }
    | { kind: 'deleteAlias'; name: string; alias: string };
}

type Change = NonNullable<CatalogEvent['change']>;
type Readable = Pick<CatalogStore, 'lastVersion' | 'version' | 'versions' | 'aliases'>;

/**
 * Checks what can be checked without the store.
 * @throws HyperslabError NAME_INVALID, INVALID_ARGUMENT
 */
export function assertCommand({ wish }: Command): void {
  if (wish.kind === 'publish') assertDatasetName(wish.dataset.name);
  else if (wish.kind === 'setAlias' || wish.kind === 'deleteAlias') {
    assertDatasetName(wish.name);
    assertAlias(wish.alias);
  } else if (parseReference(wish.reference).alias !== undefined)
    throw new HyperslabError('INVALID_ARGUMENT', `reference "${wish.reference}": expected NAME or NAME@3`, {
      field: 'reference',
    });
}

/**
 * The change that a command makes, as the catalog is now.
 * @param taken versions that commands before it, in the same group, were given, by name
 * @throws HyperslabError DATASET_NOT_FOUND
 */
export async function decide(
  { caller, wish }: Command,
  store: Readable,
  time: Date,
  taken: ReadonlyMap<string, number>,
): Promise<Change> {
  switch (wish.kind) {
    case 'publish': {
      const { name } = wish.dataset;
      const version = (taken.get(name) ?? (await store.lastVersion(name))) + 1;
      return { $case: 'published', value: { ...wish.dataset, version, published: time, publisher: caller } };
    }
    case 'unpublish':
    case 'restore': {
      const { name, version } = parseReference(wish.reference);
      const hidden = wish.kind === 'restore';
      const known =
        version === undefined
          ? await store.versions(name, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
          : [await store.version(name, version)].filter((row) => row !== undefined);
      if (known.length === 0) throw notFound(wish.reference);
      const versions = known.filter((row) => row.hidden === hidden).map((row) => row.version);
      return {
        $case: hidden ? 'restored' : 'unpublished',
        value: { name, versions: versions.sort((a, b) => a - b) },
      };
    }
    case 'setAlias': {
      const { name, alias, version } = wish;
      const row = await store.version(name, version);
      if (!row || row.hidden) throw notFound(`${name}@${version}`);
      return { $case: 'aliasSet', value: { name, alias, version } };
    }
    case 'deleteAlias': {
      const { name, alias } = wish;
      const version = (await store.aliases(name)).get(alias);
      if (version === undefined) throw notFound(`${name}@${alias}`);
      return { $case: 'aliasDeleted', value: { name, alias, version } };
    }
  }
}

/**
 * Checks that the event that a request_id caused is what a command with the same one wants.
 * @throws HyperslabError REQUEST_REUSED
 */
export function assertSameRequest({ requestId, wish }: Command, { sequence, change }: CatalogEvent): void {
  if (isSame(wish, change)) return;
  throw new HyperslabError(
    'REQUEST_REUSED',
    `request_id "${requestId}": was used for something else (event ${sequence}); choose a new one`,
    { request_id: requestId, sequence: String(sequence) },
  );
}

function isSame(wish: Command['wish'], change: CatalogEvent['change']): boolean {
  switch (wish.kind) {
    case 'publish':
      return change?.$case === 'published' && contentHash(change.value) === contentHash(wish.dataset);
    case 'unpublish':
    case 'restore': {
      if (change?.$case !== (wish.kind === 'restore' ? 'restored' : 'unpublished')) return false;
      const { name, version } = parseReference(wish.reference);
      return (
        name === change.value.name &&
        (version === undefined || change.value.versions.every((v) => v === version))
      );
    }
    case 'setAlias': {
      if (change?.$case !== 'aliasSet') return false;
      const { name, alias, version } = change.value;
      return name === wish.name && alias === wish.alias && version === wish.version;
    }
    case 'deleteAlias':
      return (
        change?.$case === 'aliasDeleted' &&
        change.value.name === wish.name &&
        change.value.alias === wish.alias
      );
  }
}

/**
 * What makes two datasets the same publish: all but what the catalog gives, and but the provenance, since who repeats
 * a publish after a crash may have read more or fewer bytes for it.
 */
function contentHash(dataset: Dataset): string {
  const content = { ...dataset, version: 0, published: undefined, publisher: '', provenance: undefined };
  return createHash('sha256').update(Dataset.encode(content).finish()).digest('hex');
}

/**
 * The event that published the latest visible version, when a publish that wants no second one of it would publish the same.
 */
export async function eventOfSame(
  { wish }: Command,
  store: Pick<CatalogStore, 'latestVersion' | 'version' | 'events'>,
): Promise<CatalogEvent | undefined> {
  if (wish.kind !== 'publish' || !wish.unlessSame) return undefined;
  const { name } = wish.dataset;
  const latest = await store.latestVersion(name);
  const row = latest === undefined ? undefined : await store.version(name, latest);
  if (row === undefined) return undefined;
  const [event] = await store.events(row.sequence, 1);
  return event?.sequence === row.sequence && isSame(wish, event.change) ? event : undefined;
}

/** A dataset that is not there, or hidden. */
export function notFound(reference: string): HyperslabError {
  return new HyperslabError(
    'DATASET_NOT_FOUND',
    `dataset "${reference}": not found; "hyperslab ls" lists what there is`,
    { reference },
  );
}
