import { HyperslabError } from '@hyperslab/errors';
import { JournalEntry, JournalName } from '@hyperslab/proto/backup';

/** Sequence number of an entry. */
export function sequenceOf(entry: JournalEntry): number {
  return entry.event?.value.sequence ?? 0;
}

/** Whether two entries say the same: equal on the wire. */
export function isEqualEntry(a: JournalEntry, b: JournalEntry): boolean {
  return Buffer.compare(JournalEntry.encode(a).finish(), JournalEntry.encode(b).finish()) === 0;
}

/**
 * Whose journal entries belong to.
 * @throws HyperslabError INVALID_ARGUMENT when there are none, of two journals, or with gaps
 */
export function journalOf(entries: readonly JournalEntry[]): JournalName {
  const kind = entries[0]?.event?.$case;
  if (kind === undefined)
    throw new HyperslabError('INVALID_ARGUMENT', 'entries: expected at least one event');
  for (const [index, entry] of entries.entries()) {
    if (entry.event?.$case !== kind)
      throw new HyperslabError('INVALID_ARGUMENT', `entries: entry ${index} is not of the ${kind}'s journal`);
    const expected = sequenceOf(entries[0]) + index;
    if (sequenceOf(entry) !== expected || expected < 1)
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `entries: entry ${index} has sequence ${sequenceOf(entry)}, expected ${Math.max(expected, 1)}`,
      );
  }
  return kind === 'catalog' ? JournalName.JOURNAL_NAME_CATALOG : JournalName.JOURNAL_NAME_SCHEDULER;
}
