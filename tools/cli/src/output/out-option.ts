import { access, constants, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { SaveArrayOptions } from '@hyperslab/client';
import { HyperslabError } from '@hyperslab/errors';
import { type Compression, formatOf, type ResultFormat, resultEndings } from '@hyperslab/results';
import { usageError } from '../context.ts';

/** Options that say how a result is written. */
export interface OutFlags {
  out?: string;
  format?: ResultFormat;
  overwrite?: boolean;
  chunks?: Record<string, number>;
  compression?: Compression;
  level?: number;
  shuffle?: boolean;
  fillValue?: number;
  onWorkers?: boolean;
}

/** How a result leaves the command: as text or a picture of all of it, or block by block by the SDK. */
export type OutKind = 'json' | 'picture' | 'saved';

const pictures = ['.png', '.svg'];

/** What the name after `--out` stands for. Throws INVALID_ARGUMENT for names that say no format. */
export function outKind({ out = '', format }: OutFlags): OutKind {
  const ending = extname(out).toLowerCase();
  if (format === undefined && ending === '.json') return 'json';
  if (format === undefined && pictures.includes(ending)) return 'picture';
  if (formatOf(out, format) !== undefined) return 'saved';
  const known = [...resultEndings, '.json', ...pictures].join(', ');
  throw usageError(`--out ${out}: expected a name that ends with ${known}, or --format`);
}

/** The options of the SDK that flags mean. Throws INVALID_ARGUMENT for flags that say how a file is written without one. */
export function saveOptions(flags: OutFlags): SaveArrayOptions {
  const given = givenOptions(flags);
  const [name] = Object.keys(given);
  if (flags.out === undefined && name !== undefined)
    throw usageError(`--${kebab(name)} says how a file is written; add --out FILE`);
  return given;
}

/** Throws INVALID_ARGUMENT for flags that text and pictures don't have. */
export function assertPlain(flags: OutFlags): void {
  const name = Object.keys(givenOptions(flags)).find((each) => each !== 'overwrite');
  if (name !== undefined) throw usageError(`--${kebab(name)}: ${flags.out} has no such thing; leave it out`);
}

function givenOptions(flags: OutFlags): Omit<OutFlags, 'out'> {
  const { format, overwrite, chunks, compression, level, shuffle, fillValue, onWorkers } = flags;
  const all = { format, overwrite, chunks, compression, level, shuffle, fillValue, onWorkers };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * Looks, before anything is computed, whether a file can be made under a name. Throws INVALID_ARGUMENT when its folder is not
 * there, or there is something under the name that is not to be replaced; ACCESS_DENIED when nothing may be written to the folder.
 * URLs are looked at where the file is begun.
 */
export async function checkOut({ out, overwrite = false, onWorkers }: OutFlags): Promise<void> {
  if (out === undefined || onWorkers || /^[a-z][a-z0-9+.-]*:\/\//i.test(out)) return;
  const folder = dirname(out);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw usageError(`--out ${out}: there is no folder ${folder}; make it, or choose another`);
    throw new HyperslabError(
      'ACCESS_DENIED',
      `--out ${out}: may not be written (${code})`,
      { path: out },
      error,
    );
  }
  const found = await stat(out).catch(() => undefined);
  if (found !== undefined && !overwrite)
    throw usageError(`--out ${out}: is there already; choose another name, or replace it by --overwrite`);
}
