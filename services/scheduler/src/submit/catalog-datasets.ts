import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { CatalogServiceClient } from '@hyperslab/proto/catalog';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import { call } from '@hyperslab/rpc';
import { SharedCache } from '@hyperslab/storage';
import type { SchedulerState } from '../state/scheduler-state.ts';
import { readWholeArray } from '../workers/read-whole-array.ts';
import type { WorkerClients } from '../workers/worker-clients.ts';

/** Datasets that are kept, and bytes of coordinates: versions never change. */
const datasetsKept = 64;
const coordinateBytesKept = 64 * 2 ** 20;

/** What expressions refer to: datasets, and coordinates that are too large to be in them. */
export class CatalogDatasets {
  readonly #catalog: CatalogServiceClient;
  readonly #workers: WorkerClients;
  readonly #state: SchedulerState;
  readonly #datasets = new SharedCache<Dataset>({ most: datasetsKept });
  readonly #coordinates = new SharedCache<MaskedArray>({ most: coordinateBytesKept, sizeOf: bytesOf });

  constructor(catalog: CatalogServiceClient, workers: WorkerClients, state: SchedulerState) {
    this.#catalog = catalog;
    this.#workers = workers;
    this.#state = state;
  }

  /** @throws HyperslabError DATASET_NOT_FOUND, UNAVAILABLE */
  get(reference: string, signal: AbortSignal): Promise<Dataset> {
    const ask = (shared: AbortSignal) => call(this.#catalog, 'getDataset', { reference }, { signal: shared });
    // "NAME" and "NAME@latest" mean another version tomorrow.
    return /@\d+$/.test(reference) ? this.#datasets.get(reference, ask, signal) : ask(signal);
  }

  /** Values of a coordinate that is not inline, through one of the workers. */
  readCoordinate(dataset: Dataset, variable: Variable, signal: AbortSignal): Promise<MaskedArray> {
    const name = `${dataset.name}@${dataset.version}:${variable.name}`;
    const read = async (shared: AbortSignal) => {
      const worker = [...this.#state.workers.values()].find(({ draining }) => !draining);
      if (worker === undefined) {
        throw new HyperslabError(
          'UNAVAILABLE',
          `coordinate "${variable.name}": no worker is connected to read it; are workers running?`,
        );
      }
      return readWholeArray(this.#workers.at(worker.address), dataset, variable, shared);
    };
    return this.#coordinates.get(name, read, signal);
  }
}

/** Bytes of an array; of texts, as if each were short. */
function bytesOf({ values, mask }: MaskedArray): number {
  return ('byteLength' in values ? values.byteLength : values.length * 64) + (mask?.byteLength ?? 0);
}
