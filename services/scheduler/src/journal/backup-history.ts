import { HyperslabError } from '@hyperslab/errors';
import { SchedulerEvent } from '@hyperslab/proto/scheduler';
import type { BackupLink } from './backup-link.ts';
import type { EventFile } from './event-file.ts';

/**
 * Whether file and backup have the same event of a number: then they agree in all before it. True where the file needs
 * it no longer.
 */
export async function isSharedHistory(
  file: EventFile,
  backup: BackupLink,
  sequence: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (sequence === 0) return true;
  const ours = await file.find(sequence);
  if (ours === undefined) return true;
  const wanted = SchedulerEvent.encode(ours).finish();
  for await (const theirs of backup.replay(sequence, signal))
    return Buffer.compare(wanted, SchedulerEvent.encode(theirs).finish()) === 0;
  return false;
}

/**
 * Takes the backup's events after `shared` up to `position` into the file, at once. Events that the file has after
 * `shared` nobody has heard of: they follow with new numbers.
 * @throws HyperslabError DISK_FULL, STORAGE_UNAVAILABLE, UNAVAILABLE
 */
export function takeTail(
  file: EventFile,
  backup: BackupLink,
  shared: number,
  position: number,
  signal: AbortSignal,
): Promise<void> {
  return file.replace(joined(file, backup, shared, position, signal));
}

async function* joined(
  file: EventFile,
  backup: BackupLink,
  shared: number,
  position: number,
  signal: AbortSignal,
): AsyncGenerator<SchedulerEvent> {
  for await (const { event } of file.events()) if (event.sequence <= shared) yield event;
  let last = shared;
  for await (const event of backup.replay(shared + 1, signal)) {
    if (last === position) break;
    if (event.sequence !== last + 1) throw incomplete(last, event.sequence);
    last = event.sequence;
    yield event;
  }
  if (last !== position) throw incomplete(last, position);
  for await (const { event } of file.events())
    if (event.sequence > shared) yield { ...event, sequence: ++last };
}

function incomplete(last: number, found: number): HyperslabError {
  const message = `journal: after event ${last} the backup answered event ${found}; it is asked again`;
  return new HyperslabError('UNAVAILABLE', message);
}
