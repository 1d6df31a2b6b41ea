import { HyperslabError } from '@hyperslab/errors';
import type { DimensionRule } from '@hyperslab/proto/merge';

/**
 * Reads NAME=PATTERN, NAME=@ATTRIBUTE or NAME=@ATTRIBUTE/PATTERN: a coordinate, and where its value for each file is
 * found. Throws INVALID_ARGUMENT for anything else; whether the pattern is one, the mesh says.
 */
export function parseDimension(text: string): DimensionRule {
  const match = /^([^=]+)=(?:@([^/]+)(?:\/(.+))?|([^@].*))$/s.exec(text);
  if (match === null)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `dimension "${text}": expected NAME=PATTERN, NAME=@ATTRIBUTE or NAME=@ATTRIBUTE/PATTERN, as realization=ensemble_(\\d+)`,
    );
  const [, name, attribute = '', within = '', pattern = within] = match;
  return { name: name.trim(), attribute, pattern };
}
