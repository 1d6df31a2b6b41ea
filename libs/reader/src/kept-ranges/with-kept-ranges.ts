import type { ByteRange, ByteSource, ObjectVersion, ReadOptions } from '@hyperslab/storage';
import type { KeptRanges } from './kept-ranges.ts';

/** An object whose ranges are kept on disk: those that are asked for of a known state of it. Our own disk needs none of its own files. */
export function withKeptRanges(source: ByteSource, kept: KeptRanges): ByteSource {
  if (source.url.startsWith('file:')) return source;
  return {
    url: source.url,
    stat: (signal) => source.stat(signal),
    readHead: source.readHead && ((length, options) => source.readHead!(length, options)),
    async read(ranges, options = {}) {
      const { expect } = options;
      if (expect === undefined || !isCertain(expect)) return source.read(ranges, options);
      return readKept(source, ranges, { ...options, expect }, kept);
    },
  };
}

async function readKept(
  source: ByteSource,
  ranges: readonly ByteRange[],
  options: ReadOptions & { expect: ObjectVersion },
  kept: KeptRanges,
): Promise<Uint8Array[]> {
  const allocate = options.allocate ?? ((length: number) => new Uint8Array(length));
  const keys = ranges.map((range) => keyOf(source.url, options.expect, range));
  const found = await Promise.all(ranges.map(({ length }, at) => kept.read(keys[at], length, allocate)));
  options.signal?.throwIfAborted();
  const missing = ranges.flatMap((_, at) => (found[at] === undefined ? [at] : []));
  if (missing.length === 0) return found as Uint8Array[];
  const fetched = await source.read(
    missing.map((at) => ranges[at]),
    options,
  );
  missing.forEach((at, number) => {
    found[at] = fetched[number];
    // It is kept behind the answer.
    void kept.write(keys[at], fetched[number]);
  });
  return found as Uint8Array[];
}

/** A size alone is that of many states, and files are kept for long. */
function isCertain({ etag, modifiedUs, unmodifiedSinceUs }: ObjectVersion): boolean {
  return etag !== '' || modifiedUs !== 0 || unmodifiedSinceUs !== undefined;
}

function keyOf(url: string, version: ObjectVersion, { offset, length }: ByteRange): string {
  const { size, etag, modifiedUs, unmodifiedSinceUs } = version;
  return `${url}\n${size} ${etag} ${modifiedUs} ${unmodifiedSinceUs ?? ''}\n${offset} ${length}`;
}
