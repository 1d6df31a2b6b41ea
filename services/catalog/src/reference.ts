import { assertDatasetName } from '@hyperslab/cube/dataset-name';
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

const aliasPattern = /^[A-Za-z][A-Za-z0-9._-]{0,99}$/;

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
  assertDatasetName(name);
  if (at < 0) return { name };
  const selector = text.slice(at + 1);
  if (/^[1-9]\d{0,14}$/.test(selector)) return { name, version: Number(selector) };
  if (selector !== latest) assertAlias(selector);
  return { name, alias: selector };
}
