import { gribCorrupt, gribUnsupported } from '../grib-error.ts';
import { decodeBlock } from './code-block.ts';
import { type CodeStream, readCodeStream } from './code-stream.ts';
import { type Block, readPackets } from './read-packets.ts';
import { resolutionsOf, type Subband } from './subbands.ts';
import { synthesise } from './wavelet.ts';

/**
 * Samples of a JPEG 2000 code stream, row by row, of any depth up to 26 bits or so: what bit-planes a 32-bit number has room for.
 * For streams as GRIB has them: one component, one tile, lossless. The caller has held the extents of the image to what it
 * wants. Throws FORMAT_CORRUPT and FORMAT_UNSUPPORTED.
 */
export function decodeDeep(bytes: Uint8Array): Int32Array {
  const stream = readCodeStream(bytes);
  const resolutions = resolutionsOf(stream);
  const blocks = readPackets(stream, resolutions);
  let image: Int32Array = new Int32Array(0);
  resolutions.forEach((resolution, r) => {
    const bands = resolution.bands.map((band, i) => decodeBand(band, blocks[r][i]));
    image = r === 0 ? bands[0] : synthesise(image, bands, resolution);
  });
  return toSamples(image, stream);
}

function decodeBand(band: Subband, blocks: readonly Block[]): Int32Array {
  const values = new Int32Array(band.width * band.height);
  for (const block of blocks) {
    if (block.passes === 0) continue;
    const planes = planesOf(block, band);
    const { x, y, width, height, parts } = block;
    const bytes = Buffer.concat(parts);
    const coefficients = decodeBlock({ width, height, orientation: band.orientation, bytes, planes });
    for (let row = 0; row < height; row++) {
      values.set(coefficients.subarray(row * width, (row + 1) * width), (y + row) * band.width + x);
    }
  }
  return values;
}

/** Bit-planes of a code-block. Refuses one of which not all passes are there: it is lossy. */
function planesOf({ zeroPlanes, passes }: Block, band: Subband): number {
  const planes = band.planes - zeroPlanes;
  if (planes < 1) throw gribCorrupt(`at most ${band.planes - 1} zero bit-planes`, String(zeroPlanes));
  if (passes !== 3 * planes - 2) {
    throw gribUnsupported(`a lossy JPEG 2000 stream (${passes} of ${3 * planes - 2} coding passes)`);
  }
  return planes;
}

/** Undoes the shift that made unsigned samples signed (annex G.1). */
function toSamples(image: Int32Array, { bits, signed }: CodeStream): Int32Array {
  const shift = signed ? 0 : 2 ** (bits - 1);
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = least + 2 ** bits - 1;
  for (let i = 0; i < image.length; i++) image[i] = Math.max(least, Math.min(most, image[i] + shift));
  return image;
}
