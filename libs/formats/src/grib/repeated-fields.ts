import type { IndexRequest } from '../format-reader.ts';
import { type FieldGroup, pickRows } from './field-groups.ts';

/** A field of a group, and the first that is in its place: their rows. */
interface Pair {
  row: number;
  first: number;
}

// Messages are compared this many at a time, in blocks: most that differ do so at their beginnings.
const pairsAtOnce = 16;
const blockOctets = 1024 * 1024;

// Where fields are that were left out is told of so many.
const mostTold = 20;

/**
 * Groups without fields that repeat one in the same place octet for octet, as GFS files have totals that are also those of the
 * last hours; a note says which. Of a group in which others are in one place no more are left out: no merge takes it. Messages that
 * may be equal are read, no others. Throws what the source throws.
 */
export async function withoutRepeats(
  groups: readonly FieldGroup[],
  request: IndexRequest,
  notes: string[],
): Promise<FieldGroup[]> {
  const left: FieldGroup[] = [];
  const offsets: number[] = [];
  for (const group of groups) {
    const repeats = await repeatsIn(group, request);
    for (const row of repeats) offsets.push(group.offsets[row]);
    const gone = new Set(repeats);
    const rows = [...group.offsets.keys()].filter((row) => !gone.has(row));
    left.push(gone.size === 0 ? group : pickRows(group, rows));
  }
  if (offsets.length > 0) {
    const told = offsets.slice(0, mostTold).join(', ');
    const more = offsets.length > mostTold ? ` and ${offsets.length - mostTold} more` : '';
    notes.push(`fields that repeat others to the bit were left out: those at byte ${told}${more}`);
  }
  return left;
}

/** Rows of fields that repeat others. */
async function repeatsIn(group: FieldGroup, request: IndexRequest): Promise<number[]> {
  const pairs = pairsIn(group);
  const repeats: number[] = [];
  for (let at = 0; at < pairs.length && repeats.length === at; at += pairsAtOnce) {
    const some = pairs.slice(at, at + pairsAtOnce);
    const areEqual = await Promise.all(some.map((pair) => isRepeat(group, pair, request)));
    repeats.push(...some.filter((_, i) => areEqual[i]).map(({ row }) => row));
  }
  return repeats;
}

function pairsIn({ offsets, columns }: FieldGroup): Pair[] {
  const firsts = new Map<string, number>();
  const pairs: Pair[] = [];
  for (const row of offsets.keys()) {
    const place = columns.map(({ values }) => values[row]).join(' ');
    const first = firsts.get(place);
    if (first === undefined) firsts.set(place, row);
    else pairs.push({ row, first });
  }
  return pairs;
}

async function isRepeat(
  { offsets, lengths, configurations }: FieldGroup,
  { row, first }: Pair,
  { source, version, signal }: IndexRequest,
): Promise<boolean> {
  if (lengths[row] !== lengths[first] || configurations[row] !== configurations[first]) return false;
  for (let at = 0; at < lengths[row]; at += blockOctets) {
    const length = Math.min(blockOctets, lengths[row] - at);
    const ranges = [first, row].map((each) => ({ offset: offsets[each] + at, length }));
    const [a, b] = await source.read(ranges, { signal, expect: version });
    if (Buffer.compare(a, b) !== 0) return false;
  }
  return true;
}
