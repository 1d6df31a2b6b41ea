import { crc32 } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { AnswerCursor } from '../answer-cursor.ts';
import { atomicType } from '../atomic-types.ts';
import { dapCorrupt } from '../dap-error.ts';
import type { DapGroup, DapValues, DapVariable } from '../data-set.ts';
import { elementsOf } from '../elements-of.ts';
import { serverFailed } from '../server-failed.ts';
import { joinChunks } from './join-chunks.ts';
import { parseDmr } from './parse-dmr.ts';

/**
 * Values of an answer of DAP4 (volume 1, section 8.4) in its order: of variables of atomic types, and of fields of structures
 * without dimensions. Others are stepped over. Each variable of a group has a checksum behind it, or none has; the length of the
 * answer tells. Throws FORMAT_CORRUPT, SHORT_READ, CHECKSUM_MISMATCH, and STORAGE_UNAVAILABLE for an error that the server met.
 */
export function decodeDap(url: string, answer: Uint8Array): DapValues[] {
  const { dmr, payload, littleEndian, unchecked, error } = joinChunks(url, answer);
  if (error !== undefined) throw serverFailed(url, error);
  const { root } = parseDmr(url, dmr);
  const read = (checked: boolean) => readAll(new AnswerCursor(url, payload, littleEndian), root, checked);
  const plain = plainLength(root);
  if (unchecked) return read(false);
  if (plain !== undefined) return read(plain !== payload.length);
  try {
    return read(true);
  } catch (cause) {
    return readUnchecked(read, cause);
  }
}

/** Texts do not tell how long they are together: where checksums don't fit, values that fill the answer have none. */
function readUnchecked(read: (checked: boolean) => DapValues[], checkedFailed: unknown): DapValues[] {
  try {
    return read(false);
  } catch {
    throw checkedFailed;
  }
}

function readAll(cursor: AnswerCursor, root: DapGroup, checked: boolean): DapValues[] {
  const { url } = cursor;
  const values: DapValues[] = [];
  const sums: Checksum[] = [];
  for (const { path, variable } of topVariables(root, '')) {
    const start = cursor.at;
    readVariable(cursor, variable, `${path}/${variable.name}`, values);
    if (!checked) continue;
    const computed = crc32(cursor.since(start));
    sums.push({ name: variable.name, computed, stored: cursor.uint32(`the checksum of "${variable.name}"`) });
  }
  if (cursor.left > 0) throw dapCorrupt(url, `${cursor.at} bytes of values`, `${cursor.left} more`);
  for (const sum of sums) assertChecksum(url, sum);
  return values;
}

interface Checksum {
  name: string;
  computed: number;
  stored: number;
}

function assertChecksum(url: string, { name, computed, stored }: Checksum): void {
  if (computed === stored) return;
  throw new HyperslabError(
    'CHECKSUM_MISMATCH',
    `${url}: variable "${name}": expected CRC-32 ${stored.toString(16)} of its values, found ${computed.toString(16)}; they were damaged on their way: try again`,
    { url, variable: name, expected: stored.toString(16), found: computed.toString(16) },
  );
}

function* topVariables(group: DapGroup, path: string): Iterable<{ path: string; variable: DapVariable }> {
  for (const variable of group.variables) yield { path, variable };
  for (const child of group.groups) yield* topVariables(child, `${path}/${child.name}`);
}

/** Bytes of all values without checksums; undefined where some have no fixed width. */
function plainLength(root: DapGroup): number | undefined {
  let length = 0;
  for (const { variable } of topVariables(root, '')) {
    const width = fixedWidth(variable);
    if (width === undefined) return undefined;
    length += width * elementsOf(variable.dimensions);
  }
  return length;
}

/** Bytes of an element; undefined where they differ. */
function fixedWidth({ type, fields }: DapVariable): number | undefined {
  const atomic = atomicType(type);
  if (atomic !== undefined) return atomic.width === 0 ? undefined : atomic.width;
  if (type !== 'Structure') return undefined;
  let width = 0;
  for (const field of fields) {
    const inner = fixedWidth(field);
    if (inner === undefined) return undefined;
    width += inner * elementsOf(field.dimensions);
  }
  return width;
}

function readVariable(
  cursor: AnswerCursor,
  variable: DapVariable,
  path: string,
  values: DapValues[] | undefined,
): void {
  const { type, dimensions } = variable;
  const what = `the values of "${variable.name}"`;
  const elements = elementsOf(dimensions);
  const atomic = atomicType(type);
  const shape = dimensions.map(({ size }) => size);
  if (atomic === undefined) stepOver(cursor, variable, elements, path, values);
  else if (atomic.width > 0) {
    const bytes = cursor.numbers(elements, atomic.width, what);
    values?.push({ path, type, shape, bytes });
  } else {
    // Each takes eight bytes of its length.
    if (elements * 8 > cursor.left) cursor.take(elements * 8, what);
    const texts: string[] = [];
    for (let i = 0; i < elements; i++) texts.push(cursor.text(cursor.count(1, what), what));
    values?.push({ path, type, shape, texts });
  }
}

/** Structures, sequences and opaque bytes. Values of a structure without dimensions are those of its fields. */
function stepOver(
  cursor: AnswerCursor,
  { name, type, dimensions, fields }: DapVariable,
  elements: number,
  path: string,
  values: DapValues[] | undefined,
): void {
  const what = `the values of "${name}"`;
  const readFields = (into: DapValues[] | undefined) => {
    for (const field of fields) readVariable(cursor, field, `${path}.${field.name}`, into);
  };
  if (type === 'Structure') {
    if (dimensions.length === 0) readFields(values);
    else repeat(cursor, elements, what, () => readFields(undefined));
  } else if (type === 'Sequence') {
    repeat(cursor, elements, what, () => {
      repeat(cursor, cursor.count(1, `the rows of "${name}"`), what, () => readFields(undefined));
    });
  } else repeat(cursor, elements, what, () => void cursor.take(cursor.count(1, what), what));
}

/** Reads so many things one after another, each of which takes bytes: else a few bytes could ask for any time. */
function repeat(cursor: AnswerCursor, times: number, what: string, read: () => void): void {
  for (let i = 0; i < times; i++) {
    const start = cursor.at;
    read();
    if (cursor.at === start) throw dapCorrupt(cursor.url, what, 'elements of no bytes');
  }
}
