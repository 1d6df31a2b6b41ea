import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalEntry } from '@hyperslab/proto/backup';
import type { Dataset } from '@hyperslab/proto/cube';
import { sequenceOf } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import { documentPath } from './document-path.ts';

/** Writes each dataset version as a file that a person can read, behind the journal. */
export interface MarkdownWriter {
  /** Entries of the journal that it has not come to yet. */
  readonly pending: number;
  /** Says that the journal has grown. */
  wake(): void;
  /** Stops; what is missing is written after the next start. */
  close(): Promise<void>;
}

/** The dataset that an entry publishes, if any. */
export function publishedBy({ event }: JournalEntry): Dataset | undefined {
  if (event?.$case !== 'catalog' || event.value.change?.$case !== 'published') return undefined;
  return event.value.change.value;
}

/**
 * A writer into a folder that follows the catalog's journal, from its beginning: what a crash kept it from is made up
 * for. A version that can't be written is told to `onError` and left out: the documents are for people, the journal is
 * what counts.
 */
export function createMarkdownWriter(
  folder: string,
  journal: Pick<Journal, 'position' | 'read'>,
  describe: (dataset: Dataset) => string,
  onError: (error: unknown, path: string) => void,
): MarkdownWriter {
  let done = 0;
  let closed = false;
  let running: Promise<void> | undefined;

  async function follow(): Promise<void> {
    try {
      while (!closed && done < journal.position)
        for await (const entry of journal.read(done + 1)) {
          if (closed) return;
          const dataset = publishedBy(entry);
          if (dataset) await document(dataset);
          done = sequenceOf(entry);
        }
    } catch (error) {
      onError(error, folder);
    } finally {
      // In the same turn as the last look at the journal: who wakes it later starts it anew.
      running = undefined;
    }
  }

  async function document(dataset: Dataset): Promise<void> {
    const path = documentPath(dataset);
    if (path === undefined) return;
    try {
      await writeOnce(join(folder, path), () => describe(dataset));
    } catch (error) {
      onError(error, path);
    }
  }

  return {
    get pending() {
      return journal.position - done;
    },
    wake() {
      if (done < journal.position) running ??= follow();
    },
    async close() {
      closed = true;
      await running;
    },
  };
}

/** Writes a file unless it is there: all of it or nothing. Versions never change, so what is there is right. */
async function writeOnce(path: string, text: () => string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${randomUUID()}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text());
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
