import { SchedulerEvent } from '@hyperslab/proto/scheduler';
import type { PlacedEvent } from './event-file.ts';

/** Events that go to the backup in one call, and their bytes. */
const mostEvents = 256;
const mostBytes = 4 * 2 ** 20;

/** Events for one call, and where in the file the last of them ends. */
export interface EventBatch {
  events: SchedulerEvent[];
  end: number;
}

/**
 * Batches of events after `sequence`, without gaps: in place of an event that is no longer needed, and that a backup
 * without it can't have again, comes one that says nothing.
 */
export async function* eventBatches(
  placed: AsyncIterable<PlacedEvent>,
  sequence: number,
): AsyncGenerator<EventBatch, void, undefined> {
  let batch: EventBatch = { events: [], end: 0 };
  let bytes = 0;
  let next = sequence + 1;
  for await (const { event, end } of placed) {
    for (; next <= event.sequence; next++) {
      const missing = next < event.sequence;
      batch.events.push(missing ? { sequence: next, time: undefined, change: undefined } : event);
      bytes += missing ? 0 : SchedulerEvent.encode(event).finish().length;
      if (!missing) batch.end = end;
      if (batch.events.length < mostEvents && bytes < mostBytes) continue;
      yield batch;
      batch = { events: [], end: batch.end };
      bytes = 0;
    }
  }
  if (batch.events.length > 0) yield batch;
}
