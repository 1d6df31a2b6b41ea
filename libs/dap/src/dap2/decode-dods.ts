import { AnswerCursor, decodeText } from '../answer-cursor.ts';
import { atomicType } from '../atomic-types.ts';
import { beginningOf, dapCorrupt, dapShort } from '../dap-error.ts';
import type { DapValues, DapVariable } from '../data-set.ts';
import { elementsOf } from '../elements-of.ts';
import { errorIn } from '../error-answer.ts';
import { serverFailed } from '../server-failed.ts';
import { parseDds } from './parse-dds.ts';

/** The longest DDS that is looked for in an answer. */
const longestDds = 16 * 1024 * 1024;

/**
 * Values of a data answer of DAP2 (ESE-RFC-004, section 7.3) in its order: a DDS, the line "Data:", values in XDR. Fields of
 * structures and grids are values of their own; nobody asks for sequences and arrays of structures, which are FORMAT_CORRUPT.
 * Throws that, SHORT_READ, and STORAGE_UNAVAILABLE for an error that the server met.
 */
export function decodeDods(url: string, answer: Uint8Array): DapValues[] {
  const error = errorIn(answer);
  if (error !== undefined) throw serverFailed(url, error);
  const { dds, body } = splitAnswer(url, answer);
  const { variables } = parseDds(url, dds).root;
  try {
    return readAll({ cursor: new AnswerCursor(url, body, false), padded: true, place: 'told' }, variables);
  } catch (cause) {
    // xpublish leaves out the padding: without it everything must fit.
    return readUnpadded(new AnswerCursor(url, body, false), variables, cause);
  }
}

/** XDR, whose bytes fill four, or without that. */
interface XdrValues {
  cursor: AnswerCursor;
  padded: boolean;
  /**
   * How it is known where values lie. "told": by what came before. "shifted": padding was left out just now. "guessed": values were
   * read behind that, which would be others if an answer with padding was cut off. "proven": a count behind it was the right one.
   */
  place: 'told' | 'shifted' | 'guessed' | 'proven';
}

function readAll(from: XdrValues, variables: readonly DapVariable[]): DapValues[] {
  const { cursor } = from;
  const values: DapValues[] = [];
  for (const variable of variables) readVariable(from, variable, variable.name, values);
  if (cursor.left > 0) throw dapCorrupt(cursor.url, `${cursor.at} bytes of values`, `${cursor.left} more`);
  return values;
}

function readUnpadded(
  cursor: AnswerCursor,
  variables: readonly DapVariable[],
  paddedFailed: unknown,
): DapValues[] {
  const from: XdrValues = { cursor, padded: false, place: 'told' };
  try {
    const values = readAll(from, variables);
    if (from.place !== 'guessed') return values;
  } catch {
    // That it is without padding was a guess: what is wrong with it as it should be says more.
  }
  throw paddedFailed;
}

/** The DDS, and what lies behind the line "Data:". */
function splitAnswer(url: string, answer: Uint8Array): { dds: string; body: Uint8Array } {
  const text = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  if (!/^\s*Dataset/i.test(decodeText(answer.subarray(0, 64)))) {
    throw dapCorrupt(url, 'a data answer of DAP2', beginningOf(answer));
  }
  for (let at = text.indexOf('Data:'); at >= 0 && at < longestDds; at = text.indexOf('Data:', at + 1)) {
    const end = at + 5;
    const newline = text[end] === 0x0a ? 1 : text[end] === 0x0d && text[end + 1] === 0x0a ? 2 : 0;
    if (newline === 0 || text[at - 1] !== 0x0a) continue;
    return { dds: decodeText(answer.subarray(0, at)), body: answer.subarray(end + newline) };
  }
  throw dapShort(url, 'the line "Data:" behind the DDS', answer.length);
}

function readVariable(
  from: XdrValues,
  variable: DapVariable,
  path: string,
  values: DapValues[],
  inGrid = false,
): void {
  const { cursor } = from;
  const { name, type, dimensions, fields } = variable;
  const atomic = atomicType(type);
  if (atomic !== undefined) {
    if (from.place === 'shifted') from.place = 'guessed';
    const isText = atomic.width === 0;
    values.push(isText ? readTexts(cursor, variable, path, inGrid) : readNumbers(from, variable, path));
  } else if ((type === 'Structure' || type === 'Grid') && dimensions.length === 0) {
    for (const field of fields) {
      const isScalar = type === 'Grid' && field.dimensions.length === 0;
      readVariable(from, isScalar ? asArray(field) : field, `${path}.${field.name}`, values, type === 'Grid');
      if (isScalar) values.at(-1)!.shape = [];
    }
  } else {
    throw dapCorrupt(cursor.url, 'numbers and texts alone', `"${name}", a ${type}`);
  }
}

/** xpublish has scalars as grids, whose array is one of one value. */
function asArray(scalar: DapVariable): DapVariable {
  return { ...scalar, dimensions: [{ name: '', size: 1 }] };
}

function readNumbers(from: XdrValues, { name, type, dimensions }: DapVariable, path: string): DapValues {
  const { cursor } = from;
  const { width, xdrWidth } = atomicType(type)!;
  const what = `the values of "${name}"`;
  const shape = dimensions.map(({ size }) => size);
  if (shape.length === 0) return { path, type, shape, bytes: readScalar(cursor, type, width, what) };
  const elements = elementsOf(dimensions);
  assertCount(cursor, elements, name);
  assertCount(cursor, elements, name);
  // Counts of nothing are zeros, as padding is.
  if (from.place === 'guessed' && elements > 0) from.place = 'proven';
  if (width === 1) {
    const bytes = cursor.take(elements, what);
    stepOverPadding(from, -elements & 3, name);
    return { path, type, shape, bytes };
  }
  const bytes = cursor.numbers(elements, xdrWidth, what);
  return { path, type, shape, bytes: xdrWidth === width ? bytes : narrowed(cursor, bytes, type, what) };
}

function stepOverPadding(from: XdrValues, length: number, name: string): void {
  if (from.padded) from.cursor.take(length, `the padding of "${name}"`);
  else if (length > 0 && from.place === 'told') from.place = 'shifted';
}

function readScalar(cursor: AnswerCursor, type: string, width: number, what: string): Uint8Array {
  const { xdrWidth } = atomicType(type)!;
  if (width > 1) {
    const bytes = cursor.numbers(1, xdrWidth, what);
    return xdrWidth === width ? bytes : narrowed(cursor, bytes, type, what);
  }
  // XDR has a lone byte last of four, the Java library puts it first, some put it in both places.
  const [first, second, third, last] = cursor.take(4, what);
  if (second !== 0 || third !== 0 || (first !== 0 && last !== 0 && first !== last)) {
    throw dapCorrupt(cursor.url, `one byte of ${what}`, [first, second, third, last].join(' '));
  }
  return Uint8Array.of(first | last);
}

/** 16 bits out of 32, which are their extension by the sign, or of unsigned ones by zeros. */
function narrowed(cursor: AnswerCursor, wide: Uint8Array, type: string, what: string): Uint8Array {
  const from = new DataView(wide.buffer, wide.byteOffset, wide.byteLength);
  const narrow = new Uint16Array(wide.byteLength / 4);
  const most = type === 'Int16' ? 0x7fff : 0xffff;
  for (let i = 0; i < narrow.length; i++) {
    const value = from.getInt32(4 * i, true);
    if (value < -0x8000 || value > most) throw dapCorrupt(cursor.url, `16 bits in ${what}`, String(value));
    narrow[i] = value;
  }
  return new Uint8Array(narrow.buffer);
}

function readTexts(
  cursor: AnswerCursor,
  { name, type, dimensions }: DapVariable,
  path: string,
  inGrid: boolean,
): DapValues {
  const what = `the texts of "${name}"`;
  const elements = elementsOf(dimensions);
  if (dimensions.length > 0) assertCount(cursor, elements, name);
  // Each takes four bytes of its length.
  if (elements * 4 > cursor.left) cursor.take(elements * 4, what);
  const texts: string[] = [];
  for (let i = 0; i < elements; i++) {
    const length = cursor.uint32(what);
    texts.push(cursor.text(length, what));
    const padding = cursor.take(-length & 3, `the padding of "${name}"`);
    // Of xpublish, which has texts in grids and tells no lengths, it is the rest of the text. Hyrax has anything there.
    if (inGrid && padding.some((byte) => byte !== 0)) {
      throw dapCorrupt(cursor.url, `zeros behind ${what}`, 'other bytes');
    }
  }
  return { path, type, shape: dimensions.map(({ size }) => size), texts };
}

function assertCount(cursor: AnswerCursor, elements: number, name: string): void {
  const found = cursor.uint32(`the count of "${name}"`);
  if (found !== elements) {
    throw dapCorrupt(
      cursor.url,
      `a count of ${elements} values of "${name}", as its shape says`,
      String(found),
    );
  }
}
