import type { Dataset } from '@hyperslab/proto/cube';

/** Datasets that are kept: a client asks for .dds, .das and then for data of the same one. */
const mostKept = 64;
/** What "latest" means may change; a client that opens a dataset should see one version. */
const movingMs = 2_000;
const immutableMs = 600_000;

interface Entry {
  dataset: Promise<Dataset>;
  until: number;
}

/** Asks once for what several requests want at about the same time. Failures are not kept. */
export function createDatasetCache(
  fetch: (reference: string) => Promise<Dataset>,
  now: () => number = Date.now,
): (reference: string) => Promise<Dataset> {
  const entries = new Map<string, Entry>();
  return (reference) => {
    const known = entries.get(reference);
    entries.delete(reference);
    if (known && known.until > now()) {
      // Again at the end: the first is the one least recently used.
      entries.set(reference, known);
      return known.dataset;
    }
    const dataset = fetch(reference);
    const until = now() + (isImmutable(reference) ? immutableMs : movingMs);
    entries.set(reference, { dataset, until });
    dataset.catch(() => {
      if (entries.get(reference)?.dataset === dataset) entries.delete(reference);
    });
    if (entries.size > mostKept) entries.delete(entries.keys().next().value!);
    return dataset;
  };
}

/** A version by its number never changes; it may be hidden by unpublishing, hence a time for these too. */
function isImmutable(reference: string): boolean {
  return /@\d+$/.test(reference);
}
