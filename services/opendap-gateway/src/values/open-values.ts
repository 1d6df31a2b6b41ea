import { elementCount, encodeValues, type IndexRange, wholeRange } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayFrame } from '@hyperslab/proto/worker';
import type { Part } from '../constraint/project.ts';
import type { DapDataset } from '../model/declare.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { elementRuns } from './element-runs.ts';
import { selectInline } from './inline-values.ts';

/** Values of a part as they come: runs of little-endian numbers, or of texts. */
export type ValueRun = { kind: 'numbers'; bytes: Uint8Array } | { kind: 'texts'; texts: readonly string[] };

/** Reads the values of a part, in row-major order. */
export async function* openValues(
  { declaration, ranges }: Part,
  { dataset }: DapDataset,
  upstream: Upstream,
  signal: AbortSignal,
): AsyncGenerator<ValueRun> {
  const { inline, dtype, missing, characters, variable, stored } = declaration;
  const all: IndexRange[] =
    ranges.length < variable.shape.length ? [...ranges, wholeRange(characters!)] : ranges;
  if (characters === 0) {
    yield { kind: 'texts', texts: new Array<string>(countOf(ranges)).fill('') };
    return;
  }
  if (inline) {
    const values = selectInline(inline, all, missing);
    if (Array.isArray(values)) yield { kind: 'texts', texts: values };
    else {
      const bytes = encodeValues({ dtype, shape: [values.length], values });
      yield characters === undefined
        ? { kind: 'numbers', bytes }
        : { kind: 'texts', texts: splitTexts(bytes, characters, countOf(ranges)) };
    }
    return;
  }
  const frames = upstream.read({ dataset, variable, ranges: all, stored }, signal);
  if (dtype === 'string') {
    yield* textRuns(frames, countOf(ranges));
    return;
  }
  const shape = all.map(({ count }) => count);
  for await (const bytes of elementRuns(frames, { dtype, shape, missing, together: characters }))
    yield characters === undefined
      ? { kind: 'numbers', bytes }
      : { kind: 'texts', texts: splitTexts(bytes, characters, bytes.length / characters) };
}

/** Elements of a part. */
export function countOf(ranges: readonly IndexRange[]): number {
  return elementCount(ranges.map(({ count }) => count));
}

/** Texts of equal length out of their bytes; NULs at the end are padding. */
function splitTexts(bytes: Uint8Array, length: number, count: number): string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: count }, (_, i) =>
    // A copy: the decoder takes no shared memory.
    decoder.decode(bytes.slice(i * length, (i + 1) * length)).replace(/\0+$/, ''),
  );
}

/** Texts, each behind its uint32 length, from frames that may cut them anywhere. */
async function* textRuns(frames: AsyncIterable<ArrayFrame>, count: number): AsyncGenerator<ValueRun> {
  const decoder = new TextDecoder();
  let rest: Uint8Array = new Uint8Array(0);
  let received = 0;
  for await (const { data } of frames) {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    const texts: string[] = [];
    let at = 0;
    while (at + 4 <= rest.length && at + 4 + view.getUint32(at, true) <= rest.length) {
      const length = view.getUint32(at, true);
      texts.push(decoder.decode(rest.slice(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    rest = rest.slice(at);
    received += texts.length;
    if (texts.length > 0) yield { kind: 'texts', texts };
  }
  if (received !== count || rest.length > 0)
    throw new HyperslabError(
      'INTERNAL',
      `values from the worker: expected ${count} texts, found ${received}`,
    );
}
