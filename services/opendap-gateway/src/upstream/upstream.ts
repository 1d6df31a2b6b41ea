import type { IndexRange } from '@hyperslab/array';
import type { ListDatasetsResponse } from '@hyperslab/proto/catalog';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import type { ArrayFrame } from '@hyperslab/proto/worker';

/** A hyperslab of a variable of a dataset. */
export interface ReadRequest {
  dataset: Dataset;
  variable: Variable;
  /** One for each dimension of the variable. */
  ranges: readonly IndexRange[];
  /** Values as stored, without a mask. */
  stored: boolean;
}

/** The rest of the mesh, as far as the gateway needs it. */
export interface Upstream {
  /** A version of a dataset: "NAME", "NAME@3", "NAME@latest". Throws DATASET_NOT_FOUND. */
  dataset(reference: string, signal: AbortSignal): Promise<Dataset>;
  /** A page of the latest versions. */
  list(pageToken: string, signal: AbortSignal): Promise<ListDatasetsResponse>;
  /** Values in row-major order; no more comes than is taken. */
  read(request: ReadRequest, signal: AbortSignal): AsyncIterable<ArrayFrame>;
  /** Why it can't be reached, or undefined. */
  problem(): string | undefined;
  close(): void;
}
