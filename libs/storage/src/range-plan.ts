import type { ByteRange } from './store.ts';

export interface RangePlanLimits {
  /** Ranges are fetched together when at most so many unwanted bytes lie between them. */
  gapBytes: number;
  /** No request is longer. */
  requestBytes: number;
}

/** A part of a wanted range that a request brings. */
export interface PlannedPart {
  /** Number of the wanted range. */
  range: number;
  /** Where the part begins in the range. */
  rangeOffset: number;
  /** Where the part begins in the request. */
  requestOffset: number;
  length: number;
}

export interface PlannedRequest extends ByteRange {
  parts: PlannedPart[];
}

/**
 * Requests that bring all bytes of all ranges, in order of offset: near and overlapping ranges together, long ones in
 * several. Pure. Empty ranges take no request.
 */
export function planRanges(ranges: readonly ByteRange[], limits: RangePlanLimits): PlannedRequest[] {
  const requests: PlannedRequest[] = [];
  for (const part of inOrder(splitRanges(ranges, limits.requestBytes))) {
    const last = requests.at(-1);
    if (last !== undefined && fits(last, part, limits)) {
      last.length = Math.max(last.length, part.offset + part.length - last.offset);
      last.parts.push(partOf(part, last));
    } else {
      const request = { offset: part.offset, length: part.length, parts: [] };
      requests.push(request);
      (request.parts as PlannedPart[]).push(partOf(part, request));
    }
  }
  return requests;
}

interface SplitRange extends ByteRange {
  range: number;
  rangeOffset: number;
}

function* splitRanges(ranges: readonly ByteRange[], requestBytes: number): Iterable<SplitRange> {
  for (const [range, { offset, length }] of ranges.entries()) {
    for (let rangeOffset = 0; rangeOffset < length; rangeOffset += requestBytes) {
      yield {
        range,
        rangeOffset,
        offset: offset + rangeOffset,
        length: Math.min(requestBytes, length - rangeOffset),
      };
    }
  }
}

function inOrder(parts: Iterable<SplitRange>): SplitRange[] {
  return [...parts].sort((a, b) => a.offset - b.offset || b.length - a.length);
}

function fits(request: ByteRange, part: ByteRange, limits: RangePlanLimits): boolean {
  const end = request.offset + request.length;
  const joined = Math.max(end, part.offset + part.length) - request.offset;
  return part.offset - end <= limits.gapBytes && joined <= limits.requestBytes;
}

function partOf(part: SplitRange, request: ByteRange): PlannedPart {
  return {
    range: part.range,
    rangeOffset: part.rangeOffset,
    requestOffset: part.offset - request.offset,
    length: part.length,
  };
}
