import assert from 'node:assert/strict';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry } from '@hyperslab/proto/backup';
import { withTemporaryDirectory } from '@hyperslab/testing';
import fc from 'fast-check';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { published } from '../sample-events.ts';

async function all(journal: Journal, from = 1): Promise<JournalEntry[]> {
  return Array.fromAsync(journal.read(from));
}

function range(first: number, last: number): JournalEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => published(first + index));
}

describe('a journal', () => {
  it('gives back what it took, also after it was opened again', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.journal');
      const journal = await openJournal(path);
      assert.equal(await journal.append(range(1, 3)), 3);
      assert.equal(await journal.append(range(4, 200)), 200);
      assert.deepEqual(await all(journal), range(1, 200));
      await journal.close();
      const again = await openJournal(path);
      assert.equal(again.position, 200);
      assert.deepEqual(await all(again, 150), range(150, 200));
      assert.deepEqual(await all(again, 201), []);
      await again.close();
    }));

  it('takes what it has as done, and refuses other content and gaps', () =>
    withTemporaryDirectory(async (folder) => {
      const journal = await openJournal(join(folder, 'a.journal'));
      await journal.append(range(1, 5));
      assert.equal(await journal.append(range(2, 4)), 5);
      assert.equal(await journal.append(range(4, 7)), 7);
      await assert.rejects(journal.append([published(3, 'other')]), { reason: 'JOURNAL_CONFLICT' });
      await assert.rejects(journal.append(range(9, 9)), {
        reason: 'JOURNAL_GAP',
        details: { expected: '8', found: '9' },
      });
      assert.deepEqual(await all(journal), range(1, 7));
      await journal.close();
    }));

  it('shares one fsync among those that come together', () =>
    withTemporaryDirectory(async (folder) => {
      const syncs: number[] = [];
      const journal = await openJournal(join(folder, 'a.journal'), (entries) => syncs.push(entries));
      const positions = await Promise.all(range(1, 100).map((entry) => journal.append([entry])));
      assert.equal(positions.at(-1), 100);
      assert.ok(syncs.length <= 3, `${syncs.length} syncs`);
      // Equal and unequal repeats within one group.
      const outcomes = await Promise.allSettled([
        journal.append([published(101)]),
        journal.append([published(101)]),
        journal.append([published(101, 'other')]),
        journal.append([published(102)]),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal(journal.position, 102);
      await journal.close();
    }));

  it('cuts off a torn end wherever the write stopped, keeps it beside, and goes on', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.journal');
      const journal = await openJournal(path);
      await journal.append(range(1, 2));
      const whole = (await readFile(path)).length;
      await journal.append(range(3, 4));
      await journal.close();
      const bytes = await readFile(path);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: whole + 1, max: bytes.length - 1 }), async (length) => {
          await writeFile(path, bytes);
          await truncate(path, length);
          const torn = await openJournal(path);
          assert.equal(torn.position, 2);
          await torn.append(range(3, 3));
          assert.deepEqual(await all(torn), range(1, 3));
          await torn.close();
          assert.deepEqual(await readFile(`${path}.torn-at-${whole}`), bytes.subarray(whole, length));
        }),
        { numRuns: 30 },
      );
    }));

  it('reports damage in the middle and never gives other entries than were written', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.journal');
      const journal = await openJournal(path);
      for (const entry of range(1, 6)) await journal.append([entry]);
      await journal.close();
      const bytes = await readFile(path);
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: bytes.length - 1 }),
          fc.integer({ min: 0, max: 7 }),
          async (at, bit) => {
            const damaged = Buffer.from(bytes);
            damaged[at] ^= 1 << bit;
            await writeFile(path, damaged);
            const outcome = await openJournal(path).catch((error) => error);
            if (outcome instanceof Error) {
              assert.equal((outcome as { reason?: string }).reason, 'CHECKSUM_MISMATCH');
              return;
            }
            // Only the last frame can be taken for a torn end.
            assert.deepEqual(await all(outcome), range(1, 5));
            await outcome.close();
          },
        ),
        { numRuns: 60 },
      );
    }));

  it('survives a file of anything', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.journal');
      await writeFile(
        path,
        Buffer.concat([Buffer.from('HJF1'), Buffer.alloc(8, 0xff), Buffer.alloc(100, 7)]),
      );
      const journal = await openJournal(path);
      assert.equal(journal.position, 0);
      await journal.close();
      assert.deepEqual((await readdir(folder)).sort(), ['a.journal', 'a.journal.torn-at-0']);
    }));
});
