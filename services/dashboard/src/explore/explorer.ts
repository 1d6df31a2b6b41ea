import type { Client, Dataset } from '@hyperslab/client';
import { requiredText, wholeNumber } from './request.ts';

/** Versions that are kept open: kilobytes each, and never another. */
const keptOpen = 50;
const usualPageSize = 50;

/** What the explorer asks of the mesh. */
export class Explorer {
  readonly #client: Client;
  readonly #open = new Map<string, Dataset>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** A page of datasets: `query`, `page`, `size`. */
  async datasets(query: URLSearchParams, signal: AbortSignal) {
    const search = { query: query.get('query') ?? '', signal };
    const pageSize = wholeNumber(query, 'size', [1, 200], usualPageSize);
    return this.#client.listPage(search, { pageSize, pageToken: query.get('page') ?? '' });
  }

  /** The dataset that a request names: "NAME" as it is now, "NAME@3" for ever. */
  async dataset(query: URLSearchParams, signal: AbortSignal): Promise<Dataset> {
    const reference = requiredText(query, 'dataset');
    const known = this.#open.get(reference);
    if (known !== undefined) return known;
    const dataset = await this.#client.open(reference, { signal });
    if (dataset.reference === reference) this.#keep(dataset);
    return dataset;
  }

  #keep(dataset: Dataset): void {
    this.#open.set(dataset.reference, dataset);
    if (this.#open.size > keptOpen) this.#open.delete(this.#open.keys().next().value as string);
  }
}

/** Whether a request names a version, so that its answer is the same for ever. */
export function namesVersion(query: URLSearchParams): boolean {
  return /@\d+$/.test(query.get('dataset') ?? '');
}
