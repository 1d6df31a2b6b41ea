import type { FieldCursor } from '../field-cursor.ts';

/** A run of indices of one dimension. */
export interface Span {
  start: number;
  length: number;
}

/**
 * Which elements of a dataspace are meant: all of them; those whose index lies, in every dimension, in one of the spans
 * of that dimension, which follow each other without touching; or something else, which `what` says.
 */
export type Selection =
  | { kind: 'all' }
  | { kind: 'spans'; spans: Span[][] }
  /** As spans, but that blocks go on without end in one dimension, or one block does. */
  | { kind: 'unlimited'; spans: Span[][]; axis: number; start: number; stride: number; block: number }
  | { kind: 'other'; what: string };

const largestRank = 32;

/**
 * Parses a serialized dataspace selection (HDF5 File Format Specification 3.0, VIII.B). A few bytes can stand for any number
 * of spans: `claim` says whether so many more may be made. Throws FORMAT_CORRUPT.
 */
export function parseSelection(cursor: FieldCursor, claim: (spans: number) => boolean): Selection {
  const type = cursor.uint32();
  switch (type) {
    case 0:
      cursor.skip(12);
      return { kind: 'other', what: 'no elements' };
    case 1:
      return passPoints(cursor);
    case 2:
      return parseHyperslab(cursor, claim);
    case 3:
      cursor.skip(12);
      return { kind: 'all' };
    default:
      throw cursor.corrupt('a selection of type 0 to 3', `type ${type}`);
  }
}

function passPoints(cursor: FieldCursor): Selection {
  const version = cursor.uint32();
  if (version === 1) {
    cursor.skip(4);
    cursor.skip(cursor.uint32());
  } else {
    const width = cursor.uint8();
    const rank = readRank(cursor);
    cursor.skip(cursor.uint(width) * rank * width);
  }
  return { kind: 'other', what: 'single points' };
}

function parseHyperslab(cursor: FieldCursor, claim: (spans: number) => boolean): Selection {
  const version = cursor.uint32();
  if (version === 1) {
    cursor.skip(8);
    return parseBlocks(cursor, readRank(cursor), 4);
  }
  if (version !== 2 && version !== 3) {
    throw cursor.corrupt('version 1 to 3 of a hyperslab selection', `version ${version}`);
  }
  const isRegular = (cursor.uint8() & 1) !== 0;
  const width = version === 2 ? 8 : cursor.uint8();
  if (version === 2) cursor.skip(4);
  if (![2, 4, 8].includes(width)) throw cursor.corrupt('numbers of 2, 4 or 8 bytes', `${width} bytes`);
  const rank = readRank(cursor);
  return isRegular ? parseRegular(cursor, rank, width, claim) : parseBlocks(cursor, rank, width);
}

function readRank(cursor: FieldCursor): number {
  const rank = cursor.uint32();
  if (rank >= 1 && rank <= largestRank) return rank;
  throw cursor.corrupt(`a rank of 1 to ${largestRank}`, String(rank));
}

/** Start, stride, count and block of each dimension; all bits of the last two stand for unlimited. */
function parseRegular(
  cursor: FieldCursor,
  rank: number,
  width: number,
  claim: (spans: number) => boolean,
): Selection {
  const unlimited = 2n ** BigInt(8 * width) - 1n;
  const number = () => {
    const value = cursor.bigUint(width);
    return value === unlimited ? Number.POSITIVE_INFINITY : Number(value);
  };
  const dimensions = Array.from({ length: rank }, () => [number(), number(), number(), number()]);
  const isEndless = ([, , count, block]: number[]) => count === Infinity || block === Infinity;
  const axis = dimensions.findIndex(isEndless);
  if (axis !== dimensions.findLastIndex(isEndless)) {
    throw cursor.corrupt('one dimension without end', 'several');
  }
  const spans: Span[][] = [];
  for (const [i, [start, stride, count, block]] of dimensions.entries()) {
    if (i === axis) spans.push([]);
    else if (stride === block || count === 1) spans.push([{ start, length: count * block }]);
    else if (stride < block) throw cursor.corrupt(`blocks of at most ${stride}`, String(block));
    else if (!claim(count)) return { kind: 'other', what: 'too many blocks' };
    else spans.push(Array.from({ length: count }, (_, i) => ({ start: start + i * stride, length: block })));
  }
  if (axis < 0) return { kind: 'spans', spans };
  const [start, stride, , block] = dimensions[axis];
  return { kind: 'unlimited', spans, axis, start, stride, block };
}

/** The first and last corner of each block. */
function parseBlocks(cursor: FieldCursor, rank: number, width: number): Selection {
  const count = cursor.uint(width);
  if (count * 2 * rank * width > cursor.remaining) {
    throw cursor.corrupt(`${count} blocks of a selection`, `${cursor.remaining} bytes left`);
  }
  const seen = new Set<string>();
  let isProduct = true;
  const byDimension = Array.from({ length: rank }, () => new Map<number, Span>());
  for (let block = 0; block < count; block++) {
    const starts = Array.from({ length: rank }, () => cursor.uint(width));
    const ends = Array.from({ length: rank }, () => cursor.uint(width));
    seen.add(`${starts} ${ends}`);
    starts.forEach((start, axis) => {
      const length = ends[axis] - start + 1;
      isProduct &&= (byDimension[axis].get(start)?.length ?? length) === length;
      byDimension[axis].set(start, { start, length });
    });
  }
  const spans = byDimension.map((found) => joined([...found.values()].sort((a, b) => a.start - b.start)));
  const product = byDimension.reduce((blocks, found) => blocks * found.size, 1);
  isProduct &&= product === count && seen.size === count && spans.every((found) => found !== undefined);
  return isProduct
    ? { kind: 'spans', spans: spans as Span[][] }
    : { kind: 'other', what: 'blocks in no regular order' };
}

/** Spans of which those that touch are one; nothing when some overlap or are none. */
function joined(sorted: readonly Span[]): Span[] | undefined {
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    const end = last === undefined ? -1 : last.start + last.length;
    if (span.length < 1 || span.start < end) return undefined;
    if (last !== undefined && span.start === end) last.length += span.length;
    else result.push({ ...span });
  }
  return result;
}
