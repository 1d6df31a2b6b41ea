import { HyperslabError } from '@hyperslab/errors';

/** One of the brackets behind a name: indices from `start` to `stop`, both included. */
interface Slice {
  start: number;
  stride: number;
  stop: number;
}

/** A variable, or a part of a Grid, that is asked for. */
export interface ProjectionClause {
  /** The name as it was written; "grid.part" for a part. */
  path: string;
  /** One for each dimension, or none for all of it. */
  slices: Slice[];
}

/**
 * Reads the part of a URL behind the question mark (ESE-RFC-004, section 5.2, "Constraint expressions"). Empty for
 * everything.
 * @throws HyperslabError INVALID_ARGUMENT that quotes what is wrong; selections and functions are not supported
 */
export function parseConstraint(query: string): ProjectionClause[] {
  const text = decode(query);
  const [projection, ...selections] = text.split('&');
  const selection =
    selections.find((clause) => clause !== '') ?? (/[<>=~]/.test(projection) ? projection : undefined);
  if (selection !== undefined)
    throw bad(`selection "${selection}" is not supported; choose by index, as in name[0:9]`);
  if (/[()]/.test(projection)) throw bad(`function "${projection}" is not supported; name variables`);
  if (projection === '') return [];
  return projection.split(',').map(parseClause);
}

function decode(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch (error) {
    throw bad(`"${query}" is not percent-encoded as UTF-8`, error);
  }
}

function parseClause(clause: string): ProjectionClause {
  const bracket = clause.indexOf('[');
  const path = bracket < 0 ? clause : clause.slice(0, bracket);
  if (path === '') throw bad(`expected the name of a variable, found "${clause}"`);
  const rest = bracket < 0 ? '' : clause.slice(bracket);
  // Each pair of brackets holds no other, so that a long line is read in one pass.
  const brackets = rest.match(/\[[^[\]]*\]/g) ?? [];
  if (brackets.join('') !== rest)
    throw bad(`"${clause}": expected a name, then [index], [first:last] or [first:step:last]`);
  return { path, slices: brackets.map((text) => parseSlice(text, clause)) };
}

function parseSlice(text: string, clause: string): Slice {
  const parts = text
    .slice(1, -1)
    .split(':')
    .map((part) => (/^\s*\d{1,16}\s*$/.test(part) ? Number(part) : Number.NaN));
  if (parts.length > 3 || !parts.every(Number.isSafeInteger))
    throw bad(`"${clause}": expected [index], [first:last] or [first:step:last], found ${text}`);
  const [start, middle, last] = parts;
  return { start, stride: last === undefined ? 1 : middle, stop: last ?? middle ?? start };
}

function bad(message: string, cause?: unknown): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `constraint: ${message}`, {}, cause);
}
