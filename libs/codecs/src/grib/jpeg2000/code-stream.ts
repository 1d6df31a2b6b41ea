import { gribCorrupt, gribUnsupported } from '../grib-error.ts';
import { Section } from '../section.ts';

/** What the main header of a code stream says (ISO/IEC 15444-1, annex A), as far as it is read here. */
export interface CodeStream {
  width: number;
  height: number;
  /** Bits of a sample. */
  bits: number;
  signed: boolean;
  /** Decompositions of the wavelet transform. */
  levels: number;
  layers: number;
  /** Packets of one layer follow those of another (LRCP); else those of one resolution. */
  layersFirst: boolean;
  /** Powers of two: the extent of a code-block. */
  blockWidth: number;
  blockHeight: number;
  /** Powers of two: the extent of a precinct of each resolution. */
  precinctWidths: number[];
  precinctHeights: number[];
  /** Packets have marker segments in front, and markers behind their headers. */
  markersBefore: boolean;
  markersAfter: boolean;
  /** Bit-planes of each subband: LL, then HL, LH, HH of each resolution. */
  planes: number[];
  /** The packets of the tile. */
  packets: Uint8Array;
}

const marker = {
  size: 0xff51,
  coding: 0xff52,
  quantisation: 0xff5c,
  comment: 0xff64,
  tileLengths: 0xff55,
  packetLengths: 0xff57,
  startOfTile: 0xff90,
  startOfData: 0xff93,
  endOfStream: 0xffd9,
};

/** Markers that may stand in a header and change nothing. */
const ignored = new Set([marker.comment, marker.tileLengths, marker.packetLengths]);

// Magnitudes are 32-bit numbers with a sign.
const mostPlanes = 30;
const mostLevels = 32;

/**
 * Takes a code stream of one component and one tile apart. What GRIB has no use for is refused: other transforms than the
 * reversible one, regions of interest, changes of progression. Throws FORMAT_CORRUPT and FORMAT_UNSUPPORTED.
 */
export function readCodeStream(bytes: Uint8Array): CodeStream {
  const stream = new Section(7, bytes);
  let size: Section | undefined;
  let coding: Section | undefined;
  let quantisation: Section | undefined;
  let octet = 3;
  for (;;) {
    const code = stream.uint(octet, 2);
    if (code === marker.startOfTile) break;
    const segment = segmentAt(stream, octet);
    if (code === marker.size) size = segment;
    else if (code === marker.coding) coding = segment;
    else if (code === marker.quantisation) quantisation = segment;
    else if (!ignored.has(code))
      throw gribUnsupported(`marker ${code.toString(16)} in a deep JPEG 2000 stream`);
    octet += 2 + segment.length;
  }
  if (size === undefined || coding === undefined || quantisation === undefined) {
    throw gribCorrupt('a JPEG 2000 header with SIZ, COD and QCD', 'one without');
  }
  const image = sizeOf(size);
  const style = codingOf(coding);
  return { ...image, ...style, planes: planesOf(quantisation, style.levels), packets: tileOf(stream, octet) };
}

/** A marker segment from its length on. */
function segmentAt(stream: Section, octet: number): Section {
  const length = stream.uint(octet + 2, 2);
  stream.requireBits(octet + 2, 8 * length, 'a marker segment');
  return new Section(7, stream.bytes.subarray(octet + 1, octet + 1 + length));
}

function sizeOf(segment: Section): Pick<CodeStream, 'width' | 'height' | 'bits' | 'signed'> {
  const [width, height] = [segment.uint(5, 4), segment.uint(9, 4)];
  const [tileWidth, tileHeight] = [segment.uint(21, 4), segment.uint(25, 4)];
  const begins = [13, 17, 29, 33].map((octet) => segment.uint(octet, 4));
  if (tileWidth < width || tileHeight < height || begins.some((begin) => begin !== 0)) {
    throw gribUnsupported('a deep JPEG 2000 image of several tiles');
  }
  const depth = segment.uint(39, 1);
  return { width, height, bits: (depth & 0x7f) + 1, signed: depth >= 0x80 };
}

function codingOf(
  segment: Section,
): Omit<CodeStream, 'width' | 'height' | 'bits' | 'signed' | 'planes' | 'packets'> {
  const style = segment.uint(3, 1);
  const progression = segment.uint(4, 1);
  const levels = segment.uint(8, 1);
  const blockStyle = segment.uint(11, 1);
  if (levels > mostLevels) throw gribCorrupt(`at most ${mostLevels} decompositions`, String(levels));
  // Other progressions differ from these in nothing where there is one component, but for precincts.
  if (progression > 1) throw gribUnsupported(`progression ${progression} of a deep JPEG 2000 stream`);
  if (blockStyle !== 0) throw gribUnsupported(`code-blocks of style ${blockStyle}`);
  if (segment.uint(12, 1) !== 1)
    throw gribUnsupported('an irreversible transform of a deep JPEG 2000 stream');
  const extents = Array.from({ length: levels + 1 }, (_, r) =>
    (style & 1) === 0 ? 0xff : segment.uint(13 + r, 1),
  );
  const blockWidth = segment.uint(9, 1) + 2;
  const blockHeight = segment.uint(10, 1) + 2;
  if (blockWidth > 10 || blockHeight > 10 || blockWidth + blockHeight > 12) {
    throw gribCorrupt('code-blocks of at most 4096 coefficients', `2^${blockWidth + blockHeight}`);
  }
  return {
    levels,
    layers: segment.uint(5, 2),
    layersFirst: progression === 0,
    blockWidth,
    blockHeight,
    precinctWidths: extents.map((extent) => extent & 15),
    precinctHeights: extents.map((extent) => extent >>> 4),
    markersBefore: (style & 2) !== 0,
    markersAfter: (style & 4) !== 0,
  };
}

/** Bit-planes by exponents and guard bits (E.1); without quantisation there is an exponent of each subband. */
function planesOf(segment: Section, levels: number): number[] {
  const style = segment.uint(3, 1);
  if ((style & 0x1f) !== 0) throw gribUnsupported('quantised coefficients of a deep JPEG 2000 stream');
  return Array.from({ length: 3 * levels + 1 }, (_, band) => {
    const planes = (style >>> 5) + (segment.uint(4 + band, 1) >>> 3) - 1;
    if (planes > mostPlanes) throw gribUnsupported(`JPEG 2000 of ${planes} bit-planes`);
    return planes;
  });
}

/** The bytes of all parts of the tile, one behind another. */
function tileOf(stream: Section, firstOctet: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let octet = firstOctet;
  while (stream.uint(octet, 2) === marker.startOfTile) {
    const length = stream.uint(octet + 6, 4);
    const end = length === 0 ? stream.length - 1 : octet + length;
    if (stream.uint(octet + 4, 2) !== 0 || end > stream.length - 1 || end < octet + 14) {
      throw gribCorrupt(
        'a part of the only tile',
        `one of tile ${stream.uint(octet + 4, 2)} and ${length} bytes`,
      );
    }
    octet += 12;
    while (stream.uint(octet, 2) !== marker.startOfData) {
      const code = stream.uint(octet, 2);
      if (!ignored.has(code))
        throw gribUnsupported(`marker ${code.toString(16)} in a tile of a deep JPEG 2000 stream`);
      octet += 2 + segmentAt(stream, octet).length;
    }
    parts.push(stream.bytes.subarray(octet + 1, end - 1));
    octet = end;
  }
  if (stream.uint(octet, 2) !== marker.endOfStream)
    throw gribCorrupt('the end of a JPEG 2000 stream', 'another marker');
  return Buffer.concat(parts);
}
