import { HyperslabError } from '@hyperslab/errors';
import type { MetadataChange } from '@hyperslab/proto/merge';

/**
 * Reads VARIABLE.ATTRIBUTE=VALUE, or .ATTRIBUTE=VALUE for a global attribute: the value is a text; where an attribute must be
 * a number (scale_factor, _FillValue …), or was one, the merge makes it one. The last dot before the first "=" counts.
 * Throws INVALID_ARGUMENT for anything else.
 */
export function parseSetting(text: string): MetadataChange {
  const match = /^([^=]*)\.([^.=\s]+)=(.*)$/s.exec(text);
  if (match === null)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `setting "${text}": expected VARIABLE.ATTRIBUTE=VALUE, or .ATTRIBUTE=VALUE for a global attribute`,
    );
  const [, variable, name, value] = match;
  const attribute = { name, dtype: 'char', strings: [value], numbers: [], integers: [] };
  return { change: { $case: 'set', value: { variable, attribute } } };
}
