import type { IndexRange } from '@hyperslab/array';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Cube } from '@hyperslab/proto/cube';

/** The text of a parameter of a request. Throws INVALID_ARGUMENT when it is not there. */
export function requiredText(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text !== null && text !== '') return text;
  throw new HyperslabError('INVALID_ARGUMENT', `${name}: expected a text, found none`);
}

/** A whole number of a request within bounds, both included; `fallback` when it is not there. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  [least, most]: readonly [number, number],
  fallback: number,
): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  if (/^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `${name}: expected a whole number from ${least} to ${most}, found "${shortened(text)}"`,
  );
}

/** `at=3,0,17,42`: an index for each dimension of a cube. Throws INVALID_ARGUMENT for one that is not in it. */
export function indicesAt(query: URLSearchParams, { name, dimensions, shape }: Cube): number[] {
  const text = query.get('at') ?? '';
  const parts = text === '' ? [] : text.split(',');
  if (parts.length !== dimensions.length)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `at: expected ${dimensions.length} indices, one for each dimension of "${name}", found ${parts.length}`,
    );
  return parts.map((part, axis) => {
    if (/^\d{1,15}$/.test(part) && Number(part) < shape[axis]) return Number(part);
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `at: expected an index of "${dimensions[axis]}" from 0 to ${shape[axis] - 1}, found "${shortened(part)}"`,
    );
  });
}

/** One index as a range. */
export function single(index: number): IndexRange {
  return { start: index, count: 1, step: 1 };
}
