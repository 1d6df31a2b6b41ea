import { mkdir, readFile, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeError } from '../file/atomic-file.ts';
import { removeAbandoned } from '../file/unfinished.ts';
import { parseLocation, urlInvalid } from '../location.ts';
import { assertReplaceable, assertShortName, stagedFolder } from './local-output-folder.ts';
import type { OutputFolder, OutputFolderOptions } from './output-folder.ts';
import { beginS3Folder, s3FolderOf, s3FolderWasCommitted } from './s3-output-folder.ts';

/** A folder that several processes write: one begins it, all put objects, one commits. */
export interface SharedOutput extends OutputFolder {
  /**
   * Makes room. Once it was begun nothing happens.
   * @throws HyperslabError INVALID_ARGUMENT when there is something already that may not be replaced or the name is too long, ACCESS_DENIED
   */
  begin(): Promise<void>;
  /** Whether it was committed, by whoever that was: one of its marks then has the id in it. */
  wasCommitted(): Promise<boolean>;
}

/** Says of a folder that nobody puts anything into that somebody still does: a day without that, and the next may remove it. */
const touchEveryMs = 60_000;

/**
 * The folder at a URL that is written under an id, of 12 hexadecimal digits at least. What is put without a `begin`, or after a
 * `discard`, is refused.
 */
export function openSharedOutput(url: string, id: string, options: OutputFolderOptions): SharedOutput {
  const location = parseLocation(url);
  if (location.kind === 'http') throw urlInvalid(url, 'nothing can be written to a web server');
  if (location.kind === 's3') {
    if (location.key === '') throw urlInvalid(url, 'expected a prefix within the bucket');
    const { bucket, key } = location;
    return {
      ...s3FolderOf(bucket, key, id, options),
      begin: () => beginS3Folder(bucket, key, id, options),
      wasCommitted: () => s3FolderWasCommitted(bucket, key, id, options),
    };
  }
  const path = location.path.replace(/\/+$/, '');
  // As `unfinishedPath` names what a process writes, for a host that is none.
  const staging = join(dirname(path), `.${basename(path)}.shared.1.${id.slice(0, 12)}.part`);
  const folder = stagedFolder(path, staging, options);
  let touchedMs = 0;
  let touched = Promise.resolve();
  const touch = (now: number) =>
    utimes(staging, now / 1000, now / 1000).catch((error) => {
      touchedMs = 0;
      throw writeError(`${path} (nobody has begun it, or it was given up)`, error);
    });
  const wasCommitted = async () => {
    if (await isThere(staging)) return false;
    for (const mark of options.marks)
      if ((await readFile(join(path, mark), 'utf8').catch(() => '')).includes(id)) return true;
    return false;
  };
  return {
    ...folder,
    wasCommitted,
    async begin() {
      if (await isThere(staging)) return;
      await removeAbandoned(path);
      await assertShortName(path);
      await assertReplaceable(path, options.overwrite ?? false, options.marks);
      await mkdir(staging).catch((error) => {
        throw writeError(path, error);
      });
    },
    async put(key, bytes) {
      const now = Date.now();
      if (now - touchedMs > touchEveryMs) {
        touchedMs = now;
        touched = touch(now);
      }
      // What is put at the same time fails for the same reason.
      await touched;
      await folder.put(key, bytes);
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
