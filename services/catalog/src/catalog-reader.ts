import { assertDatasetName } from '@hyperslab/cube/dataset-name';
import { HyperslabError } from '@hyperslab/errors';
import type {
  DatasetSummary,
  ListAliasesResponse,
  ListDatasetsRequest,
  ListDatasetsResponse,
  ListVersionsRequest,
  ListVersionsResponse,
} from '@hyperslab/proto/catalog';
import type { Dataset } from '@hyperslab/proto/cube';
import { datasetFilter } from './find/dataset-filter.ts';
import { decodePageToken, encodePageToken, pageSize } from './find/page-token.ts';
import { latest, parseReference, type Reference } from './reference.ts';
import type { CatalogStore, ListedVersion } from './store/catalog-store.ts';
import { notFound } from './write/command.ts';

/** Answers questions from what is visible. */
export class CatalogReader {
  readonly #store: CatalogStore;

  constructor(store: CatalogStore) {
    this.#store = store;
  }

  /** The dataset that a reference names. @throws HyperslabError DATASET_NOT_FOUND, NAME_INVALID */
  async dataset(text: string): Promise<Dataset> {
    const reference = parseReference(text);
    const version = await this.#resolve(reference);
    const row = version === undefined ? undefined : await this.#store.version(reference.name, version);
    if (!row) throw await this.#absent(text, reference.name);
    if (row.hidden) throw hidden(row);
    const [event] = await this.#store.events(row.sequence, 1);
    if (event?.change?.$case === 'published') return event.change.value;
    throw new HyperslabError('INTERNAL', `catalog event ${row.sequence}: expected a published dataset`);
  }

  async #resolve({ name, version, alias = latest }: Reference): Promise<number | undefined> {
    if (version !== undefined) return version;
    return alias === latest ? this.#store.latestVersion(name) : (await this.#store.aliases(name)).get(alias);
  }

  async #absent(text: string, name: string): Promise<HyperslabError> {
    const [newest] = await this.#store.versions(name, Number.MAX_SAFE_INTEGER, 1);
    if (!newest) return notFound(text);
    if (text === name || text === `${name}@${latest}`) return hidden(newest);
    return new HyperslabError(
      'DATASET_NOT_FOUND',
      `dataset "${text}": there is no such version; "hyperslab versions ${name}" lists those there are`,
      { reference: text },
    );
  }

  /** A page of the latest versions. @throws HyperslabError INVALID_ARGUMENT */
  async list(request: ListDatasetsRequest): Promise<ListDatasetsResponse> {
    const filter = datasetFilter(request);
    const size = pageSize(request.pageSize);
    const after = decodePageToken(filter, request.pageToken) ?? '';
    const rows = await this.#store.find(filter, after, size + 1);
    const page = rows.slice(0, size);
    const nextPageToken = rows.length > size ? encodePageToken(filter, page[size - 1].name) : '';
    return { datasets: page.map(summary), nextPageToken };
  }

  /** A page of the versions of a name, newest first. @throws HyperslabError DATASET_NOT_FOUND */
  async versions({ name, pageSize: asked, pageToken }: ListVersionsRequest): Promise<ListVersionsResponse> {
    assertDatasetName(name);
    const size = pageSize(asked);
    const before = decodePageToken(name, pageToken);
    const rows = await this.#store.versions(name, Number(before ?? Number.MAX_SAFE_INTEGER), size + 1);
    if (rows.length === 0 && before === undefined) throw notFound(name);
    const page = rows.slice(0, size);
    const nextPageToken = rows.length > size ? encodePageToken(name, String(page[size - 1].version)) : '';
    return { versions: page.map(summary), nextPageToken };
  }

  /** Aliases of a name, "latest" among them. @throws HyperslabError DATASET_NOT_FOUND */
  async aliases(name: string): Promise<ListAliasesResponse> {
    assertDatasetName(name);
    if ((await this.#store.lastVersion(name)) === 0) throw notFound(name);
    const aliases = Object.fromEntries(await this.#store.aliases(name));
    const newest = await this.#store.latestVersion(name);
    return { aliases: newest === undefined ? aliases : { ...aliases, [latest]: newest } };
  }
}

function summary(row: ListedVersion): DatasetSummary {
  const { name, version, title, cubes, publisher, publishedMs, hidden: unpublished } = row;
  return { name, version, title, cubes, publisher, published: new Date(publishedMs), unpublished };
}

function hidden({ name, version }: ListedVersion): HyperslabError {
  return new HyperslabError(
    'DATASET_NOT_FOUND',
    `dataset "${name}@${version}": was unpublished; "hyperslab restore ${name}" shows it again`,
    { reference: `${name}@${version}`, unpublished: 'true' },
  );
}
