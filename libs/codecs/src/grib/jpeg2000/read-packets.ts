import { gribCorrupt, gribUnsupported } from '../grib-error.ts';
import type { CodeStream } from './code-stream.ts';
import { HeaderBits } from './packet-header.ts';
import type { Resolution, Subband } from './subbands.ts';
import { TagTree } from './tag-tree.ts';

/** A code-block: its place in its subband, and what packets bring of it. */
export interface Block {
  x: number;
  y: number;
  width: number;
  height: number;
  parts: Uint8Array[];
  passes: number;
  /** Bit-planes that are zero in all of its coefficients. */
  zeroPlanes: number;
}

interface KnownBlock extends Block {
  included: boolean;
  lengthBits: number;
}

/** The code-blocks of a subband in one precinct. */
interface PrecinctBand {
  blocks: KnownBlock[];
  blocksWide: number;
  inclusion: TagTree;
  zeroPlanes: TagTree;
}

/** Blocks of each subband: by resolution, and by band in it. */
export type BlocksOfBands = Block[][][];

const startOfPacket = 0xff91;
const endOfHeader = 0xff92;

// A block that is not empty has 3 bytes of header or data at least, but a few bits may leave out a whole precinct of them.
const mostBlocksPerByte = 64;

/** Reads all packets of a tile (ISO/IEC 15444-1, annex B.9 to B.12). Throws FORMAT_CORRUPT. */
export function readPackets(stream: CodeStream, resolutions: readonly Resolution[]): BlocksOfBands {
  const { layers, layersFirst, packets } = stream;
  const precincts = countPrecincts(resolutions);
  // Each packet takes a byte at least.
  if (precincts * layers > packets.length || countBlocks(resolutions) > mostBlocksPerByte * packets.length) {
    throw gribCorrupt(
      `packets of ${precincts} precincts in ${layers} layers`,
      `${packets.length} bytes of them`,
    );
  }
  const tree = resolutions.map(precinctsOf);
  const reader = new PacketReader(stream);
  const read = (layer: number, r: number) => {
    for (const precinct of tree[r]) reader.read(precinct, layer);
  };
  if (layersFirst) {
    for (let layer = 0; layer < layers; layer++) for (let r = 0; r < tree.length; r++) read(layer, r);
  } else {
    for (let r = 0; r < tree.length; r++) for (let layer = 0; layer < layers; layer++) read(layer, r);
  }
  return tree.map((precinctsOfOne, r) =>
    resolutions[r].bands.map((_, band) => precinctsOfOne.flatMap((precinct) => precinct[band].blocks)),
  );
}

function countPrecincts(resolutions: readonly Resolution[]): number {
  return resolutions.reduce(
    (sum, { precinctsWide, precinctsHigh }) => sum + precinctsWide * precinctsHigh,
    0,
  );
}

function countBlocks(resolutions: readonly Resolution[]): number {
  let count = 0;
  for (const { bands, blockWidth, blockHeight } of resolutions) {
    for (const { width, height } of bands) {
      count += Math.ceil(width / 2 ** blockWidth) * Math.ceil(height / 2 ** blockHeight);
    }
  }
  return count;
}

function precinctsOf(resolution: Resolution): PrecinctBand[][] {
  const { precinctsWide, precinctsHigh, bands } = resolution;
  return Array.from({ length: precinctsWide * precinctsHigh }, (_, i) =>
    bands.map((band) => precinctBand(band, resolution, i % precinctsWide, Math.floor(i / precinctsWide))),
  );
}

function precinctBand(band: Subband, resolution: Resolution, column: number, row: number): PrecinctBand {
  const { precinctWidth, precinctHeight, blockWidth, blockHeight } = resolution;
  const left = column * 2 ** precinctWidth;
  const top = row * 2 ** precinctHeight;
  const right = Math.min(band.width, left + 2 ** precinctWidth);
  const bottom = Math.min(band.height, top + 2 ** precinctHeight);
  const blocksWide = Math.max(0, Math.ceil((right - left) / 2 ** blockWidth));
  const blocksHigh = Math.max(0, Math.ceil((bottom - top) / 2 ** blockHeight));
  const blocks = Array.from({ length: blocksWide * blocksHigh }, (_, i) => {
    const x = left + (i % blocksWide) * 2 ** blockWidth;
    const y = top + Math.floor(i / blocksWide) * 2 ** blockHeight;
    const width = Math.min(2 ** blockWidth, right - x);
    const height = Math.min(2 ** blockHeight, bottom - y);
    return { x, y, width, height, parts: [], passes: 0, zeroPlanes: 0, included: false, lengthBits: 3 };
  });
  const tree = () => new TagTree(blocksWide, blocksHigh);
  return { blocks, blocksWide, inclusion: tree(), zeroPlanes: tree() };
}

class PacketReader {
  readonly #bytes: Uint8Array;
  readonly #markersBefore: boolean;
  readonly #markersAfter: boolean;
  #at = 0;

  constructor({ packets, markersBefore, markersAfter }: CodeStream) {
    this.#bytes = packets;
    this.#markersBefore = markersBefore;
    this.#markersAfter = markersAfter;
  }

  read(precinct: readonly PrecinctBand[], layer: number): void {
    if (this.#markersBefore && this.#marker() === startOfPacket) this.#at += 6;
    const bits = new HeaderBits(this.#bytes, this.#at);
    const lengths: [KnownBlock, number][] = [];
    if (bits.bit() === 1) for (const band of precinct) readBand(band, layer, bits, lengths);
    this.#at = bits.end();
    if (this.#markersAfter && this.#marker() === endOfHeader) this.#at += 2;
    for (const [block, length] of lengths) {
      if (length > this.#bytes.length - this.#at) {
        throw gribCorrupt(`${length} bytes of a code-block`, `${this.#bytes.length - this.#at} bytes left`);
      }
      block.parts.push(this.#bytes.subarray(this.#at, this.#at + length));
      this.#at += length;
    }
  }

  #marker(): number {
    return this.#at + 1 < this.#bytes.length ? this.#bytes[this.#at] * 256 + this.#bytes[this.#at + 1] : 0;
  }
}

/** What a packet header says of the code-blocks of one subband (B.10.3 to B.10.7). */
function readBand(
  band: PrecinctBand,
  layer: number,
  bits: HeaderBits,
  lengths: [KnownBlock, number][],
): void {
  band.blocks.forEach((block, i) => {
    const x = i % band.blocksWide;
    const y = Math.floor(i / band.blocksWide);
    if (block.included) {
      if (bits.bit() === 0) return;
    } else {
      if (band.inclusion.below(x, y, layer + 1, bits) === undefined) return;
      block.included = true;
      block.zeroPlanes = zeroPlanes(band.zeroPlanes, x, y, bits);
    }
    const passes = bits.passes();
    while (bits.bit() === 1) block.lengthBits++;
    const width = block.lengthBits + Math.floor(Math.log2(passes));
    if (width > 32) throw gribCorrupt('a length of at most 32 bits', `${width} bits`);
    block.passes += passes;
    lengths.push([block, bits.bits(width)]);
  });
}

function zeroPlanes(tree: TagTree, x: number, y: number, bits: HeaderBits): number {
  for (let threshold = 1; threshold <= 64; threshold++) {
    const found = tree.below(x, y, threshold, bits);
    if (found !== undefined) return found;
  }
  throw gribUnsupported('a code-block of more than 64 bit-planes');
}
