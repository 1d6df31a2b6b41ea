import type { Span } from './selection.ts';

/** Indices of a dimension of a virtual dataset, and those of the source that they are. */
interface Segment {
  virtual: number;
  source: number;
  length: number;
}

/** One dimension of a mapping. */
export interface AxisMap {
  segments: Segment[];
  /** The dimension of the source; nothing when that has none for it: then it is one index. */
  sourceAxis?: number;
}

/** A chunk along one dimension, and where its values begin in the source. */
interface ChunkPlace {
  chunk: number;
  source: number;
  length: number;
}

/**
 * Which dimension of the source each one of the virtual dataset is: from the last one on, those of the same length; either
 * may have dimensions of one index more. Nothing when elements of several dimensions are rearranged.
 */
export function mapAxes(virtual: readonly Span[][], source: readonly Span[][]): AxisMap[] | undefined {
  const maps: AxisMap[] = [];
  let [axis, sourceAxis] = [virtual.length - 1, source.length - 1];
  while (axis >= 0 || sourceAxis >= 0) {
    const length = lengthOf(virtual[axis]);
    const sourceLength = lengthOf(source[sourceAxis]);
    if (axis >= 0 && sourceAxis >= 0 && length === sourceLength) {
      maps.push({ segments: pairSpans(virtual[axis], source[sourceAxis]), sourceAxis });
      axis--;
      sourceAxis--;
    } else if (axis >= 0 && length === 1) {
      maps.push({ segments: [{ virtual: virtual[axis][0].start, source: 0, length: 1 }] });
      axis--;
    } else if (sourceAxis >= 0 && sourceLength === 1) sourceAxis--;
    else return undefined;
  }
  return maps.reverse();
}

function lengthOf(spans: readonly Span[] = []): number {
  return spans.reduce((sum, { length }) => sum + length, 0);
}

/** Two lists of spans of the same length in all, cut where either is. */
function pairSpans(virtual: readonly Span[], source: readonly Span[]): Segment[] {
  const segments: Segment[] = [];
  let [i, j, fromVirtual, fromSource] = [0, 0, 0, 0];
  while (i < virtual.length && j < source.length) {
    const length = Math.min(virtual[i].length - fromVirtual, source[j].length - fromSource);
    segments.push({ virtual: virtual[i].start + fromVirtual, source: source[j].start + fromSource, length });
    fromVirtual += length;
    fromSource += length;
    if (fromVirtual === virtual[i].length) [i, fromVirtual] = [i + 1, 0];
    if (fromSource === source[j].length) [j, fromSource] = [j + 1, 0];
  }
  return segments;
}

/** Whether all segments begin at a chunk, and end at one or at the end of the dimension. */
export function isAligned({ segments }: AxisMap, chunk: number, extent: number): boolean {
  return segments.every(
    ({ virtual, length }) =>
      virtual % chunk === 0 &&
      (length % chunk === 0 || virtual + length === extent) &&
      virtual + length <= extent,
  );
}

/** The chunks of segments that are aligned. */
export function* chunksOf({ segments }: AxisMap, chunk: number): Iterable<ChunkPlace> {
  for (const { virtual, source, length } of segments) {
    for (let at = 0; at < length; at += chunk) {
      yield { chunk: (virtual + at) / chunk, source: source + at, length: Math.min(chunk, length - at) };
    }
  }
}
