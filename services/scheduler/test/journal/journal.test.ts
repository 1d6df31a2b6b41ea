import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { JobAccepted, JobEnded, JobState, SchedulerEvent } from '@hyperslab/proto/scheduler';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import type { BackupLink } from '../../src/journal/backup-link.ts';
import type { Change } from '../../src/journal/job-ledger.ts';
import { Journal } from '../../src/journal/journal.ts';
import { decodeRecords } from '../../src/journal/record-format.ts';

const log = createLogger('scheduler', { level: 'silent' });
const never = new AbortController().signal;
const soon = () => AbortSignal.timeout(5_000);

/** A backup in memory that can be away, or come back empty; as strict as the real one. */
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
      const before = this.events[event.sequence - 1];
      if (event.sequence === this.events.length + 1) this.events.push(structuredClone(event));
      else if (before === undefined) throw new HyperslabError('JOURNAL_GAP', 'a gap');
      else if (!bytesOf(before).equals(bytesOf(event)))
        throw new HyperslabError('JOURNAL_CONFLICT', 'another');
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

function bytesOf(event: SchedulerEvent): Buffer {
  return Buffer.from(SchedulerEvent.encode(event).finish());
}

function accepted(jobId: string): Change {
  const request = { $case: 'publish' as const, value: { name: 'a' } };
  return { $case: 'accepted', value: JobAccepted.fromPartial({ jobId, request }) };
}

function computed(jobId: string): Change {
  const request = { $case: 'compute' as const, value: {} };
  return { $case: 'accepted', value: JobAccepted.fromPartial({ jobId, request }) };
}

function ended(jobId: string): Change {
  return { $case: 'ended', value: JobEnded.fromPartial({ jobId, state: JobState.JOB_STATE_SUCCEEDED }) };
}

const idsOf = (events: SchedulerEvent[]) => events.map(({ change }) => change?.value.jobId);

async function open(
  path: string,
  backup: BackupLink,
  onRestored = () => {},
  events = 10_000,
  othersMayWrite = false,
): Promise<Journal> {
  const options = { rememberedJobs: 3, compactAfter: { events, bytes: 2 ** 30 }, othersMayWrite };
  const journal = await Journal.open(path, backup, log, never, options);
  journal.start(onRestored);
  return journal;
}

async function jobsOf(journal: Journal): Promise<string[]> {
  return (await Array.fromAsync(journal.jobs())).map((job) => job.accepted.jobId);
}

async function sequencesIn(path: string): Promise<number[]> {
  return decodeRecords(await readFile(path)).payloads.map(
    (payload) => SchedulerEvent.decode(payload).sequence,
  );
}

/** Takes the last events off a file, as a disk that lied about them would. */
async function dropLast(path: string, count: number): Promise<void> {
  const { payloads } = decodeRecords(await readFile(path));
  const kept = payloads.slice(0, -count).reduce((sum, payload) => sum + 8 + payload.length, 0);
  await truncate(path, kept);
}

describe('scheduler journal', () => {
  it('acknowledges what is on the disk and in the backup, and gives it back', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'scheduler/journal');
      const backup = new MemoryBackup();
      const journal = await open(path, backup);
      await Promise.all(['a', 'b', 'c'].map((id) => journal.append(accepted(id), never)));
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c']);
      await journal.close();
      await appendFile(path, Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9]));
      const again = await open(path, backup);
      assert.deepEqual(await jobsOf(again), ['a', 'b', 'c']);
      await again.append(accepted('d'), never);
      assert.equal(backup.events.at(-1)?.sequence, 4);
      await again.close();
    }));

  it('sends what no restart needs together, and at once with what somebody waits for', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const batches: number[] = [];
      const link: BackupLink = {
        position: () => backup.position(),
        replay: (from) => backup.replay(from),
        append: (events) => {
          batches.push(events.length);
          return backup.append(events);
        },
      };
      const journal = await open(join(folder, 'journal'), link);
      for (const jobId of ['a', 'b', 'c']) {
        journal.appendBehind(computed(jobId));
        // Later than what is added in one go, and before any timer.
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      }
      while (backup.events.length < 3) await sleep(1);
      journal.appendBehind(computed('d'));
      await journal.append(accepted('e'), soon());
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c', 'd', 'e']);
      assert.deepEqual(batches, [3, 2]);
      await journal.close();
    }));

  it('does not acknowledge without the backup, and ships when it is back', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const journal = await open(join(folder, 'journal'), backup);
      backup.away = true;
      await assert.rejects(journal.append(accepted('a'), AbortSignal.timeout(50)), (error) =>
        isHyperslabError(error, 'UNAVAILABLE'),
      );
      journal.appendBehind(accepted('b'));
      backup.away = false;
      await journal.append(accepted('c'), soon());
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c']);
      await journal.close();
    }));

  it('is restored from the backup when the file is lost', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const first = await open(path, backup);
      await first.append(accepted('a'), never);
      await first.close();
      await rm(path);
      const second = await open(path, backup);
      assert.deepEqual(await jobsOf(second), ['a']);
      await second.close();
      backup.away = true;
      const third = await open(path, backup);
      assert.deepEqual(await jobsOf(third), ['a']);
      await third.close();
    }));

  it('fills an emptied backup again while it runs', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const journal = await open(join(folder, 'journal'), backup);
      await journal.append(accepted('a'), never);
      await journal.append(accepted('b'), never);
      backup.events = [];
      await journal.append(accepted('c'), soon());
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c']);
      await journal.close();
    }));

  it('takes from a backup that is ahead what the file lacks', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const first = await open(path, backup);
      for (const id of ['a', 'b', 'c']) await first.append(accepted(id), never);
      await first.close();
      await dropLast(path, 2);
      const second = await open(path, backup);
      assert.deepEqual(await jobsOf(second), ['a', 'b', 'c']);
      await second.append(accepted('d'), soon());
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c', 'd']);
      assert.deepEqual(await sequencesIn(path), [1, 2, 3, 4]);
      await second.close();
    }));

  it('numbers again what it wrote before it heard that the backup was ahead', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const first = await open(path, backup);
      for (const id of ['a', 'b', 'c']) await first.append(accepted(id), never);
      await first.close();
      await dropLast(path, 2);
      backup.away = true;
      let restored = 0;
      const second = await open(path, backup, () => restored++);
      const late = second.append(accepted('d'), soon());
      await sleep(20);
      assert.deepEqual(await jobsOf(second), ['a', 'd']);
      backup.away = false;
      await late;
      assert.equal(restored, 1);
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'c', 'd']);
      assert.deepEqual(await sequencesIn(path), [1, 2, 3, 4]);
      assert.deepEqual(await jobsOf(second), ['a', 'b', 'c', 'd']);
      await second.close();
    }));

  it('refuses the backup of another mesh', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const journal = await open(path, backup);
      await journal.append(accepted('a'), never);
      await journal.close();
      backup.events = ['x', 'y', 'z'].map((id, at) => ({
        sequence: at + 1,
        time: new Date(0),
        change: accepted(id),
      }));
      const again = await open(path, backup);
      await assert.rejects(again.append(accepted('b'), soon()), (error) =>
        isHyperslabError(error, 'JOURNAL_CONFLICT'),
      );
      assert.match(again.problem ?? '', /another mesh/);
      await again.close();
    }));

  // The leader before wrote while it still was one, and its last event arrived when the next had begun.
  it('puts what a predecessor sent last before what it was about to send itself', () =>
    withTemporaryDirectory(async (folder) => {
      const backup = new MemoryBackup();
      const first = await open(join(folder, 'first'), backup, undefined, 10_000, true);
      await first.append(accepted('a'), never);
      let restored = 0;
      const second = await open(join(folder, 'second'), backup, () => restored++, 10_000, true);
      await second.append(accepted('b'), soon());
      restored = 0;
      backup.events.push({ sequence: 3, time: new Date(0), change: accepted('late') });
      await Promise.all(['c', 'd'].map((id) => second.append(accepted(id), soon())));
      assert.equal(restored, 1);
      assert.deepEqual(idsOf(backup.events), ['a', 'b', 'late', 'c', 'd']);
      assert.deepEqual(await jobsOf(second), ['a', 'b', 'late', 'c', 'd']);
      assert.deepEqual(await sequencesIn(join(folder, 'second')), [1, 2, 3, 4, 5]);
      await second.close();
      await first.close();
    }));

  it('keeps in its file what a restart needs, with its numbers, and leaves all of it to the backup', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'journal');
      const backup = new MemoryBackup();
      const journal = await open(path, backup, undefined, 50);
      await journal.append(accepted('live'), soon());
      for (let n = 0; n < 200; n++) {
        journal.appendBehind(computed(`c${n}`));
        journal.appendBehind(ended(`c${n}`));
      }
      for (let n = 0; n < 5; n++) {
        await journal.append(accepted(`p${n}`), soon());
        journal.appendBehind(ended(`p${n}`));
      }
      await journal.append(accepted('last'), soon());
      await journal.close();
      assert.equal(backup.events.length, 412);
      const again = await open(path, backup, undefined, 1);
      assert.deepEqual(await jobsOf(again), ['p2', 'p3', 'p4', 'live', 'last']);
      const kept = await sequencesIn(path);
      assert.deepEqual(kept, [1, 406, 407, 408, 409, 410, 411, 412]);
      await again.append(accepted('next'), soon());
      assert.equal(backup.events.at(-1)?.sequence, 413);
      backup.events = [];
      await again.append(accepted('after'), soon());
      assert.equal(backup.events.length, 414);
      await again.close();
      const third = await open(path, backup);
      assert.equal(third.problem, undefined);
      await third.append(accepted('end'), soon());
      await third.close();
    }));

  it('refuses events while the disk is full, sends none of them to the backup, and goes on when there is room', function () {
    return withTemporaryDirectory(async (folder) => {
      const small = join(folder, 'small');
      await mkdir(small);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' });
      } catch {
        console.error('skipped: a small disk can only be mounted as root');
        this.skip();
      }
      try {
        const backup = new MemoryBackup();
        const journal = await open(join(small, 'journal'), backup);
        await journal.append(accepted('a'), soon());
        await writeFile(join(small, 'ballast'), Buffer.alloc(2 ** 20)).catch(() => undefined);
        const { size } = await stat(join(small, 'journal'));
        const refused: string[] = [];
        for (let n = 0; n < 60; n++) {
          await journal.append(accepted(`${n}`.repeat(50)), soon()).catch((error) => {
            assert.ok(isHyperslabError(error, 'DISK_FULL'), String(error));
            assert.match(error.message, /make room/);
            refused.push(`${n}`.repeat(50));
          });
          if (refused.length > 0) break;
        }
        assert.equal(refused.length, 1);
        journal.appendBehind(ended('a'));
        assert.match(journal.problem ?? '', /make room/);
        assert.ok(!idsOf(backup.events).includes(refused[0]));
        assert.ok(size > 0);
        await rm(join(small, 'ballast'));
        await journal.append(accepted('b'), soon());
        assert.equal(journal.problem, undefined);
        assert.deepEqual(idsOf(backup.events).slice(-2).sort(), ['a', 'b']);
        await journal.close();
        const again = await open(join(small, 'journal'), backup);
        assert.ok((await jobsOf(again)).includes('b'));
        await again.close();
      } finally {
        execFileSync('umount', ['-l', small]);
      }
    });
  });
});
