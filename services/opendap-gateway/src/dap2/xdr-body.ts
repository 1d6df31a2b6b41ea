import { HyperslabError } from '@hyperslab/errors';
import type { Part, Projection } from '../constraint/project.ts';
import { countOf, type ValueRun } from '../values/open-values.ts';
import { xdrNumbers } from './xdr-numbers.ts';

/** Reads the values of a part. */
export type OpenPart = (part: Part) => AsyncIterable<ValueRun>;

/** Counts are 32-bit numbers, which many clients read as signed. */
const mostElements = 2 ** 31 - 1;

/** All parts of an answer, in the order in which their values are sent. */
export function partsOf(projections: readonly Projection[]): Part[] {
  return projections.flatMap((projection) => {
    if (projection.kind === 'array') return [projection.array];
    return projection.kind === 'grid' ? [projection.array, ...projection.maps] : projection.parts;
  });
}

/** Throws TOO_LARGE for an array of more elements than DAP2 can count. */
export function checkCounts(parts: readonly Part[]): void {
  for (const { declaration, ranges } of parts) {
    const count = ranges.reduce((product, { count }) => product * count, 1);
    if (count > mostElements)
      throw new HyperslabError(
        'TOO_LARGE',
        `"${declaration.variable.name}": ${count} values; DAP2 counts up to ${mostElements}, ask for a smaller hyperslab`,
        { variable: declaration.variable.name },
      );
  }
}

/** Bytes of the values of an answer in XDR; undefined when there are texts, whose lengths are not known yet. */
export function xdrLength(parts: readonly Part[]): number | undefined {
  let length = 0;
  for (const { declaration, ranges } of parts) {
    if (declaration.type === 'String') return undefined;
    const count = countOf(ranges);
    const isArray = ranges.length > 0;
    const width = declaration.type === 'Float64' ? 8 : 4;
    length += isArray ? 8 : 0;
    length += declaration.type === 'Byte' && isArray ? padded(count) : count * width;
  }
  return length;
}

/** The values of an answer in XDR (ESE-RFC-004, section 7.3): arrays behind their length, which numbers have twice. */
export async function* xdrBody(parts: readonly Part[], open: OpenPart): AsyncGenerator<Buffer> {
  for (const part of parts) yield* xdrPart(part, open(part));
}

async function* xdrPart(
  { declaration, ranges }: Part,
  runs: AsyncIterable<ValueRun>,
): AsyncGenerator<Buffer> {
  const { type, dtype, missing } = declaration;
  const count = countOf(ranges);
  const isArray = ranges.length > 0;
  if (isArray) yield lengthPrefix(count, type === 'String' ? 1 : 2);
  for await (const run of runs) {
    if (run.kind === 'texts') yield xdrTexts(run.texts);
    // XDR puts a lone byte last of four, and so do the C++ library and its clients; the Java library and pydap put it first.
    else if (type === 'Byte' && !isArray) yield Buffer.of(run.bytes[0], 0, 0, run.bytes[0]);
    else yield xdrNumbers(run.bytes, dtype, type === 'Byte', missing);
  }
  if (type === 'Byte' && isArray && padded(count) > count) yield Buffer.alloc(padded(count) - count);
}

function lengthPrefix(count: number, times: number): Buffer {
  const prefix = Buffer.alloc(4 * times);
  for (let i = 0; i < times; i++) prefix.writeUInt32BE(count, 4 * i);
  return prefix;
}

function xdrTexts(texts: readonly string[]): Buffer {
  const bytes = texts.map((text) => Buffer.from(text));
  const out = Buffer.alloc(bytes.reduce((sum, { length }) => sum + 4 + padded(length), 0));
  let at = 0;
  for (const text of bytes) {
    out.writeUInt32BE(text.length, at);
    text.copy(out, at + 4);
    at += 4 + padded(text.length);
  }
  return out;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
