import type { Client, Dataset, PersistedArray } from '@hyperslab/client';

/** What plain names of an expression refer to: a dataset, or what a job has persisted. */
export type Named = Pick<Dataset | PersistedArray, 'reference' | 'expression'>;

const persisted = 'job:';

/** Whether a reference means what a job has persisted; names of datasets have no colon. */
export function isPersisted(reference: string): boolean {
  return reference.startsWith(persisted);
}

/** Opens a dataset by its name, or a persisted array as "job:ID". Throws DATASET_NOT_FOUND; of a job nothing is known before it is used. */
export async function openNamed(client: Client, reference: string, signal: AbortSignal): Promise<Named> {
  if (isPersisted(reference)) return client.persisted(reference.slice(persisted.length));
  return client.open(reference, { signal });
}
