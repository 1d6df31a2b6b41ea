import { checkRanges, checkWithin } from './check-ranges.ts';
import { assertVersion } from './object-errors.ts';
import type { ByteRange, ByteSource, ObjectVersion, ReadOptions } from './store.ts';

export interface BlockCacheOptions {
  /** Length of the aligned blocks that are fetched. */
  blockBytes: number;
  /** The least recently used blocks beyond so many are forgotten. */
  cachedBlocks: number;
  /** The state of the object that all blocks belong to. */
  version: ObjectVersion;
}

/**
 * The same source for a parser that reads many small, near ranges: whole aligned blocks are fetched, adjoining ones
 * together, and kept. Every request insists on `version`.
 */
export function withBlockCache(source: ByteSource, options: BlockCacheOptions): ByteSource {
  const { blockBytes, cachedBlocks, version } = options;
  const cache = new Map<number, Uint8Array>();

  async function read(ranges: readonly ByteRange[], readOptions: ReadOptions = {}): Promise<Uint8Array[]> {
    checkRanges(source.url, ranges);
    assertVersion(source.url, readOptions.expect, version);
    checkWithin(source.url, ranges, version.size);
    const blocks = await collectBlocks(ranges, readOptions);
    return ranges.map((range) => assemble(range, blocks));
  }

  /** All blocks that the ranges touch, from the cache and from the source. */
  async function collectBlocks(
    ranges: readonly ByteRange[],
    readOptions: ReadOptions,
  ): Promise<Map<number, Uint8Array>> {
    const wanted = new Map<number, Uint8Array>();
    const missing: number[] = [];
    for (const block of touchedBlocks(ranges)) {
      const cached = cache.get(block);
      if (cached === undefined) missing.push(block);
      else remember(block, cached, wanted);
    }
    const runs = adjoiningRuns(missing);
    const runRanges = runs.map(({ first, count }) => {
      const offset = first * blockBytes;
      return { offset, length: Math.min(count * blockBytes, version.size - offset) };
    });
    const fetched = await source.read(runRanges, { ...readOptions, expect: version });
    runs.forEach(({ first, count }, run) => {
      for (let i = 0; i < count; i++) {
        // Copied: one block that stays in the cache must not keep a whole run in memory.
        remember(first + i, fetched[run].slice(i * blockBytes, (i + 1) * blockBytes), wanted);
      }
    });
    return wanted;
  }

  function remember(block: number, bytes: Uint8Array, wanted: Map<number, Uint8Array>): void {
    wanted.set(block, bytes);
    cache.delete(block);
    cache.set(block, bytes);
    if (cache.size > cachedBlocks) cache.delete(cache.keys().next().value!);
  }

  function touchedBlocks(ranges: readonly ByteRange[]): number[] {
    const blocks = new Set<number>();
    for (const { offset, length } of ranges) {
      if (length === 0) continue;
      for (let at = Math.floor(offset / blockBytes); at * blockBytes < offset + length; at++) blocks.add(at);
    }
    return [...blocks].sort((a, b) => a - b);
  }

  function assemble(range: ByteRange, blocks: Map<number, Uint8Array>): Uint8Array {
    const first = Math.floor(range.offset / blockBytes);
    const start = range.offset - first * blockBytes;
    if (range.length === 0) return new Uint8Array(0);
    if (start + range.length <= blockBytes) return blocks.get(first)!.subarray(start, start + range.length);
    const result = new Uint8Array(range.length);
    let filled = 0;
    for (let block = first; filled < range.length; block++) {
      const from = block === first ? start : 0;
      const piece = blocks.get(block)!.subarray(from, from + range.length - filled);
      result.set(piece, filled);
      filled += piece.length;
    }
    return result;
  }

  return { url: source.url, stat: (signal) => source.stat(signal), read };
}

function adjoiningRuns(blocks: readonly number[]): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === block) last.count++;
    else runs.push({ first: block, count: 1 });
  }
  return runs;
}
