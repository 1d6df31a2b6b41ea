import { HyperslabError } from '@hyperslab/errors';
import { CatalogEvent } from '@hyperslab/proto/catalog';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { BackupLink } from './backup-link.ts';
import { eventBatches } from './event-batches.ts';

/** What had to be done to make catalog and backup equal. */
export interface Synchronised {
  /** Events that the catalog had lost and has again. */
  restored: number;
  /** Events that the backup had lost and has again. */
  refilled: number;
}

const pageEvents = 200;

/**
 * Makes catalog and backup have the same events: whichever is behind gets what it lacks, then the outbox is sent. An
 * empty catalog is restored, an emptied backup filled again.
 * @throws HyperslabError JOURNAL_CONFLICT when they are of different meshes, and those of the link
 */
export async function synchronise(store: CatalogStore, backup: BackupLink): Promise<Synchronised> {
  const position = await backup.position();
  const { durable } = await store.positions();
  await assertSameHistory(store, backup, Math.min(position, durable));
  const done: Synchronised = { restored: 0, refilled: 0 };
  if (position > durable)
    for await (const batch of eventBatches(backup.replay(durable + 1))) {
      await store.apply(batch);
      done.restored += batch.length;
    }
  else if (position < durable)
    for await (const batch of eventBatches(storedEvents(store, position + 1))) {
      await backup.append(batch);
      done.refilled += batch.length;
    }
  await sendPending(store, backup);
  return done;
}

/** Sends the outbox, and lets what the backup has taken take effect. Answers those events. */
export async function sendPending(store: CatalogStore, backup: BackupLink): Promise<CatalogEvent[]> {
  const sent: CatalogEvent[] = [];
  for await (const batch of eventBatches(await store.pending())) {
    await backup.append(batch);
    await store.apply(batch);
    sent.push(...batch);
  }
  return sent;
}

async function* storedEvents(
  store: CatalogStore,
  from: number,
): AsyncGenerator<CatalogEvent, void, undefined> {
  for (let next = from; ; ) {
    const events = await store.events(next, pageEvents);
    if (events.length === 0) return;
    yield* events;
    next += events.length;
  }
}

/** Two histories that agree in an event's time, request and content agree in what came before it. */
async function assertSameHistory(store: CatalogStore, backup: BackupLink, sequence: number): Promise<void> {
  if (sequence === 0) return;
  const [ours] = await store.events(sequence, 1);
  for await (const theirs of backup.replay(sequence)) {
    if (Buffer.compare(CatalogEvent.encode(ours).finish(), CatalogEvent.encode(theirs).finish()) === 0)
      return;
    throw new HyperslabError(
      'JOURNAL_CONFLICT',
      `catalog event ${sequence}: the backup has another one; is it the backup of another mesh? Give the catalog its ` +
        'own backup, or move the catalog folder away to have it restored from this one',
      { sequence: String(sequence) },
    );
  }
}
