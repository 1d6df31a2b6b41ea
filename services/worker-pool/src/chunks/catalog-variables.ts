import { HyperslabError } from '@hyperslab/errors';
import type { CatalogServiceClient } from '@hyperslab/proto/catalog';
import type { Dataset, ManifestRef, Variable } from '@hyperslab/proto/cube';
import { call } from '@hyperslab/rpc';
import { SharedCache } from '@hyperslab/storage';

/** Datasets that are kept; a version never changes. */
const most = 64;

/** Variables of published datasets, by name. */
export class CatalogVariables {
  readonly #catalog: CatalogServiceClient;
  readonly #datasets = new SharedCache<Dataset>({ most });

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
    const ask = (shared: AbortSignal) =>
      call(this.#catalog, 'getDataset', { reference }, { caller, signal: shared, retry: true });
    // "NAME" and "NAME@latest" mean another version tomorrow.
    return /@\d+$/.test(reference) ? this.#datasets.get(reference, ask, signal) : ask(signal);
  }
}
