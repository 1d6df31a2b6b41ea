import { HyperslabError } from '@hyperslab/errors';

/** What names a dataset: "NAME", "NAME@3" or "NAME@alias". */
export interface Reference {
  name: string;
  /** Version, where the reference has a number. */
  version?: number;
  /** Alias, where it has a word; "latest" is one. Absent for a bare name. */
  alias?: string;
}

/** The alias that the catalog keeps itself. */
export const latest = 'latest';

const segmentPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const aliasPattern = /^[A-Za-z][A-Za-z0-9._-]{0,99}$/;
const longestName = 512;

/**
 * Checks the name of a dataset: segments of letters, digits, dots, underscores and hyphens, separated by slashes.
 * @throws HyperslabError NAME_INVALID
 */
export function assertName(name: string): void {
  const segments = name.split('/');
  // "a/3.md" would be, in the Markdown of the backup, where version 3 of "a" is.
  const taken = segments.slice(1).some((segment) => /^\d+\.md$/.test(segment));
  if (name.length <= longestName && !taken && segments.every((segment) => segmentPattern.test(segment)))
    return;
  throw new HyperslabError(
    'NAME_INVALID',
    `name ${JSON.stringify(name.slice(0, longestName))}: expected segments of letters, digits, ".", "_" and "-" that ` +
      'begin with a letter or digit and are no "3.md", separated by "/"',
    { field: 'name', name: name.slice(0, longestName) },
  );
}

/**
 * Checks an alias: a word that is neither a number nor "latest".
 * @throws HyperslabError INVALID_ARGUMENT
 */
export function assertAlias(alias: string): void {
  if (aliasPattern.test(alias) && alias !== latest) return;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `alias ${JSON.stringify(alias.slice(0, 100))}: expected a word that begins with a letter and is not "latest"`,
    { field: 'alias' },
  );
}

/**
 * Reads a reference.
 * @throws HyperslabError NAME_INVALID, INVALID_ARGUMENT
 */
export function parseReference(text: string): Reference {
  const at = text.indexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  assertName(name);
  if (at < 0) return { name };
  const selector = text.slice(at + 1);
  if (/^[1-9]\d{0,14}$/.test(selector)) return { name, version: Number(selector) };
  if (selector !== latest) assertAlias(selector);
  return { name, alias: selector };
}
