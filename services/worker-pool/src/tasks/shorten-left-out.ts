import type { Reason } from '@hyperslab/errors';
import type { LeftOut } from '@hyperslab/proto/merge';

/** So many are named: they are in the dataset, which is kilobytes, and a person wants to see the first. */
const most = 100;

/** The same files, or the first of them and that there are more. */
export function shortenLeftOut(leftOut: readonly LeftOut[]): LeftOut[] {
  if (leftOut.length <= most) return [...leftOut];
  const reason: Reason = 'UNAVAILABLE';
  const more = {
    url: '',
    reason,
    message: `more than ${most} files can't be taken yet; the others are not named`,
  };
  return [...leftOut.slice(0, most), more];
}
