import assert from 'node:assert/strict';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { JobAccepted, type SchedulerEvent } from '@hyperslab/proto/scheduler';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import type { BackupLink } from '../../src/journal/backup-link.ts';
import { type Change, Journal } from '../../src/journal/journal.ts';

const log = createLogger('scheduler', { level: 'silent' });
const never = new AbortController().signal;

/** A backup in memory that can be away, or come back empty. */
class MemoryBackup implements BackupLink {
  events: SchedulerEvent[] = [];
  away = false;

  async position() {
    this.#reach();
    return this.events.length;
  }

  async append(events: readonly SchedulerEvent[]) {
    this.#reach();
    for (const event of events) {
      if (event.sequence === this.events.length + 1) this.events.push(event);
      else if (event.sequence > this.events.length) throw new HyperslabError('JOURNAL_CONFLICT', 'a gap');
    }
  }

  async *replay(from: number) {
    this.#reach();
    yield* this.events.slice(from - 1);
  }

  #reach() {
    if (this.away) throw new HyperslabError('UNAVAILABLE', 'away');
  }
}

function accepted(jobId: string): Change {
  return { $case: 'accepted', value: JobAccepted.fromPartial({ jobId }) };
}

function idsOf(events: SchedulerEvent[]): (string | undefined)[] {
  return events.map(({ change }) => change?.value.jobId);
}

describe('scheduler journal', () => {
  it('acknowledges what is on the disk and in the backup, and gives it back', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'scheduler/journal');
      const backup = new MemoryBackup();
      const { journal } = await Journal.open(path, backup, log, never);
      await Promise.all(['a', 'b', 'c'].map((id) => journal.append(accepted(id), never)));
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c']);
      await journal.close();
      await appendFile(path, Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9]));
      const again = await Journal.open(path, backup, log, never);
      assert.deepEqual(idsOf(again.events), ['a', 'b', 'c']);
      await again.journal.append(accepted('d'), never);
      assert.equal(backup.events.at(-1)?.sequence, 4);
      await again.journal.close();
    }));

  it('does not acknowledge without the backup, and ships when it is back', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const { journal } = await Journal.open(join(folder, 'journal'), backup, log, never);
      backup.away = true;
      const patience = AbortSignal.timeout(50);
      await assert.rejects(journal.append(accepted('a'), patience), (error) =>
        isHyperslabError(error, 'UNAVAILABLE'),
      );
      await journal.appendBehind(accepted('b'));
      backup.away = false;
      await journal.append(accepted('c'), AbortSignal.timeout(5_000));
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c']);
      await journal.close();
    }));

  it('is restored from the backup when the file is lost', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const first = await Journal.open(path, backup, log, never);
      await first.journal.append(accepted('a'), never);
      await first.journal.close();
      await rm(path);
      const second = await Journal.open(path, backup, log, never);
      assert.deepEqual(idsOf(second.events), ['a']);
      await second.journal.close();
      backup.away = true;
      const third = await Journal.open(path, backup, log, never);
      assert.deepEqual(idsOf(third.events), ['a']);
      await third.journal.close();
    }));

  it('fills an emptied backup again while it runs', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const { journal } = await Journal.open(join(folder, 'journal'), backup, log, never);
      await journal.append(accepted('a'), never);
      await journal.append(accepted('b'), never);
      backup.events = [];
      await journal.append(accepted('c'), AbortSignal.timeout(5_000));
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c']);
      await journal.close();
    }));

  it('refuses to write past a backup that knows more', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const { journal } = await Journal.open(path, backup, log, never);
      await journal.append(accepted('a'), never);
      await journal.close();
      backup.events.push({ ...backup.events[0], sequence: 2 }, { ...backup.events[0], sequence: 3 });
      const again = await Journal.open(path, backup, log, never);
      await assert.rejects(again.journal.append(accepted('b'), AbortSignal.timeout(5_000)), (error) =>
        isHyperslabError(error, 'JOURNAL_CONFLICT'),
      );
      assert.match(again.journal.problem ?? '', /the backup has 3 events/);
      await again.journal.close();
    }));
});
