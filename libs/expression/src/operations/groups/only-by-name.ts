import { HyperslabError } from '@hyperslab/errors';
import type { Arguments } from '../arguments.ts';

/** The one option of a dimension's name that an operation takes, and its text. Throws EXPRESSION_INVALID for none or several. */
export function onlyByName(given: Arguments, example: string): [name: string, text: string] {
  const options = given.byName();
  const [first] = options;
  if (options.length === 1) return [first[0], String(first[1])];
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${given.operation}: expected one dimension, as ${example}, found ${options.length}`,
  );
}
