import { CatalogEvent } from '@hyperslab/proto/catalog';

/** A message to the backup has at most this many bytes of events, unless one alone has more. */
const batchBytes = 4 * 2 ** 20;
const batchEvents = 500;

/** Events in groups that fit into a message each. */
export async function* eventBatches(
  events: Iterable<CatalogEvent> | AsyncIterable<CatalogEvent>,
): AsyncGenerator<CatalogEvent[], void, undefined> {
  let batch: CatalogEvent[] = [];
  let bytes = 0;
  for await (const event of events) {
    const length = CatalogEvent.encode(event).finish().length;
    if (batch.length > 0 && (bytes + length > batchBytes || batch.length === batchEvents)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}
