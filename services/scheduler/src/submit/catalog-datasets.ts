import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { CatalogServiceClient } from '@hyperslab/proto/catalog';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import { call } from '@hyperslab/rpc';
import type { SchedulerState } from '../state/scheduler-state.ts';
import { readWholeArray } from '../workers/read-whole-array.ts';
import type { WorkerClients } from '../workers/worker-clients.ts';

/** Datasets and coordinates that are kept: versions never change. */
const datasetsKept = 64;
const coordinatesKept = 32;

/** What expressions refer to: datasets, and coordinates that are too large to be in them. */
export class CatalogDatasets {
  readonly #catalog: CatalogServiceClient;
  readonly #workers: WorkerClients;
  readonly #state: SchedulerState;
  readonly #datasets = new Map<string, Promise<Dataset>>();
  readonly #coordinates = new Map<string, Promise<MaskedArray>>();

  constructor(catalog: CatalogServiceClient, workers: WorkerClients, state: SchedulerState) {
    this.#catalog = catalog;
    this.#workers = workers;
    this.#state = state;
  }

  /** @throws HyperslabError DATASET_NOT_FOUND, UNAVAILABLE */
  get(reference: string, signal: AbortSignal): Promise<Dataset> {
    const ask = () => call(this.#catalog, 'getDataset', { reference }, { signal });
    // "NAME" and "NAME@latest" mean another version tomorrow.
    return /@\d+$/.test(reference) ? remember(this.#datasets, datasetsKept, reference, ask) : ask();
  }

  /** Values of a coordinate that is not inline, through one of the workers. */
  readCoordinate(dataset: Dataset, variable: Variable, signal: AbortSignal): Promise<MaskedArray> {
    const name = `${dataset.name}@${dataset.version}:${variable.name}`;
    return remember(this.#coordinates, coordinatesKept, name, () => {
      const worker = [...this.#state.workers.values()].find(({ draining }) => !draining);
      if (worker === undefined) {
        throw new HyperslabError(
          'UNAVAILABLE',
          `coordinate "${variable.name}": no worker is connected to read it; are workers running?`,
        );
      }
      return readWholeArray(this.#workers.at(worker.address), dataset, variable, signal);
    });
  }
}

function remember<T>(
  known: Map<string, Promise<T>>,
  most: number,
  key: string,
  ask: () => Promise<T>,
): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const asked = (async () => ask())();
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  for (const oldest of known.keys()) {
    if (known.size <= most) break;
    known.delete(oldest);
  }
  return asked;
}
