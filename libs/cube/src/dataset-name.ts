import { HyperslabError } from '@hyperslab/errors';

const segmentPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const longestName = 512;

/**
 * Checks the name of a dataset: segments of letters, digits, dots, underscores and hyphens, separated by slashes.
 * @throws HyperslabError NAME_INVALID
 */
export function assertDatasetName(name: string): void {
  const segments = name.split('/');
  // "a/3.md" would be, in the Markdown of the backup, where version 3 of "a" is.
  const taken = segments.slice(1).some((segment) => /^\d+\.md$/.test(segment));
  if (name.length <= longestName && !taken && segments.every((segment) => segmentPattern.test(segment)))
    return;
  throw new HyperslabError(
    'NAME_INVALID',
    `name ${JSON.stringify(name.slice(0, longestName))}: expected at most ${longestName} characters: segments of at most ` +
      '200 letters, digits, ".", "_" and "-" that begin with a letter or digit and are no "3.md", separated by "/", ' +
      'without a version',
    { field: 'name', name: name.slice(0, longestName) },
  );
}
