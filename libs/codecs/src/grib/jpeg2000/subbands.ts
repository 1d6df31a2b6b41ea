import type { Orientation } from './code-block.ts';
import type { CodeStream } from './code-stream.ts';

/** A subband: extent, bit-planes, and where its coefficients lie among those of the resolutions above (annex B.5). */
export interface Subband {
  orientation: Orientation;
  width: number;
  height: number;
  planes: number;
}

/** A resolution: extent of the image it makes, its subbands, and how it is cut into precincts (annex B.6). */
export interface Resolution {
  width: number;
  height: number;
  bands: Subband[];
  precinctsWide: number;
  precinctsHigh: number;
  /** Powers of two: extents of a precinct and of a code-block in a subband. */
  precinctWidth: number;
  precinctHeight: number;
  blockWidth: number;
  blockHeight: number;
}

/** Resolutions of an image that begins at its origin, the smallest first. */
export function resolutionsOf(stream: CodeStream): Resolution[] {
  return Array.from({ length: stream.levels + 1 }, (_, r) => {
    const width = half(stream.width, stream.levels - r);
    const height = half(stream.height, stream.levels - r);
    // Subbands of high frequencies have half the extents of what they are part of.
    const halved = r === 0 ? 0 : 1;
    const precinctWidth = Math.max(0, stream.precinctWidths[r] - halved);
    const precinctHeight = Math.max(0, stream.precinctHeights[r] - halved);
    return {
      width,
      height,
      bands: bandsOf(stream, r),
      precinctsWide: Math.ceil(width / 2 ** stream.precinctWidths[r]),
      precinctsHigh: Math.ceil(height / 2 ** stream.precinctHeights[r]),
      precinctWidth,
      precinctHeight,
      blockWidth: Math.min(stream.blockWidth, precinctWidth),
      blockHeight: Math.min(stream.blockHeight, precinctHeight),
    };
  });
}

function bandsOf({ width, height, levels, planes }: CodeStream, r: number): Subband[] {
  const level = r === 0 ? levels : levels - r + 1;
  const wide = half(width, level);
  const high = half(height, level);
  if (r === 0) return [{ orientation: 'LL', width: wide, height: high, planes: planes[0] }];
  const first = 3 * r - 2;
  const rest = { width: half(width, level - 1) - wide, height: half(height, level - 1) - high };
  return [
    { orientation: 'HL', width: rest.width, height: high, planes: planes[first] },
    { orientation: 'LH', width: wide, height: rest.height, planes: planes[first + 1] },
    { orientation: 'HH', width: rest.width, height: rest.height, planes: planes[first + 2] },
  ];
}

function half(extent: number, times: number): number {
  return Math.ceil(extent / 2 ** times);
}
