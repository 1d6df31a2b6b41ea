import { HyperslabError } from '@hyperslab/errors';
import type { CatalogServiceClient } from '@hyperslab/proto/catalog';
import type { Dataset, ManifestRef, Variable } from '@hyperslab/proto/cube';
import { call } from '@hyperslab/rpc';

/** Datasets that are kept; a version never changes. */
const most = 64;

/** Variables of published datasets, by name. */
export class CatalogVariables {
  readonly #catalog: CatalogServiceClient;
  readonly #datasets = new Map<string, Promise<Dataset>>();

  constructor(catalog: CatalogServiceClient) {
    this.#catalog = catalog;
  }

  /** @throws HyperslabError DATASET_NOT_FOUND, VARIABLE_NOT_FOUND */
  async find(
    reference: string,
    name: string,
    caller: string,
    signal: AbortSignal,
  ): Promise<{ variable: Variable; manifest?: ManifestRef }> {
    const dataset = await this.#dataset(reference, caller, signal);
    const variable = dataset.variables.find((candidate) => candidate.name === name);
    if (variable !== undefined) return { variable, manifest: dataset.manifest };
    throw new HyperslabError(
      'VARIABLE_NOT_FOUND',
      `variable "${name}": dataset ${dataset.name}@${dataset.version} has no such variable`,
      { dataset: `${dataset.name}@${dataset.version}`, variable: name },
    );
  }

  #dataset(reference: string, caller: string, signal: AbortSignal): Promise<Dataset> {
    const known = this.#datasets.get(reference);
    if (known !== undefined) return known;
    const asked = call(this.#catalog, 'getDataset', { reference }, { caller, signal, retry: true });
    // "NAME" and "NAME@latest" mean another version tomorrow.
    if (!/@\d+$/.test(reference)) return asked;
    this.#datasets.set(reference, asked);
    asked.catch(() => this.#datasets.delete(reference));
    for (const oldest of this.#datasets.keys()) {
      if (this.#datasets.size <= most) break;
      this.#datasets.delete(oldest);
    }
    return asked;
  }
}
