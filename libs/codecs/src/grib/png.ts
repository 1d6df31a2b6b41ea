import { crc32, inflateSync } from 'node:zlib';
import { checksumMismatch } from '../codec-error.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { Section } from './section.ts';

/** Pixels of a PNG image as they are stored: no palette, no scaling, no change of byte order. */
interface PngPixels {
  width: number;
  height: number;
  /** Bits of a pixel, all channels together. */
  depth: number;
  /** Bytes of a row; the last bits of the last one may be unused. */
  rowBytes: number;
  rows: Uint8Array;
}

const signature = [0x89504e47, 0x0d0a1a0a];

/** Channels of the colour types that GRIB uses: grey, RGB, RGBA. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 6: 4 };

/**
 * Reads a PNG image (ISO/IEC 15948) of at most so many pixels. What libraries make of an image for a screen would not be the
 * packed integers any more. Throws FORMAT_CORRUPT, CHECKSUM_MISMATCH and, for palettes and interlacing, FORMAT_UNSUPPORTED.
 */
export function readPng(stream: Uint8Array, mostPixels: number): PngPixels {
  const file = new Section(7, stream);
  if (file.uint(1, 4) !== signature[0] || file.uint(5, 4) !== signature[1]) {
    throw gribCorrupt('a PNG image', `bytes ${file.uint(1, 4).toString(16)}`);
  }
  let header: Omit<PngPixels, 'rows'> | undefined;
  const parts: Uint8Array[] = [];
  for (const { type, content } of chunksOf(file)) {
    if (header === undefined) {
      if (type !== 'IHDR') throw gribCorrupt('the chunk IHDR of a PNG image', type);
      header = readHeader(new Section(7, content), mostPixels);
    } else if (type === 'IDAT') parts.push(content);
  }
  if (header === undefined) throw gribCorrupt('the chunk IHDR of a PNG image', 'none');
  const bytesBefore = Math.max(1, header.depth / 8);
  const filtered = inflate(Buffer.concat(parts), header.height * (1 + header.rowBytes));
  return { ...header, rows: unfilter(filtered, header.height, header.rowBytes, bytesBefore) };
}

function* chunksOf(file: Section): Iterable<{ type: string; content: Uint8Array }> {
  for (let octet = 9; ; ) {
    const length = file.uint(octet, 4);
    file.requireBits(octet + 8, 8 * (length + 4), 'a chunk of a PNG image');
    const checked = file.bytes.subarray(octet + 3, octet + 7 + length);
    const stored = file.uint(octet + 8 + length, 4);
    const computed = crc32(checked);
    if (stored !== computed) throw checksumMismatch('grib', stored.toString(16), computed.toString(16));
    const type = Buffer.from(checked.subarray(0, 4)).toString('latin1');
    yield { type, content: checked.subarray(4) };
    if (type === 'IEND') return;
    octet += 12 + length;
  }
}

function readHeader(header: Section, mostPixels: number): Omit<PngPixels, 'rows'> {
  const width = header.uint(1, 4);
  const height = header.uint(5, 4);
  const channels = channelsOf[header.uint(10, 1)];
  if (channels === undefined) throw gribUnsupported(`PNG of colour type ${header.uint(10, 1)}`);
  if (header.uint(13, 1) !== 0) throw gribUnsupported('an interlaced PNG image');
  const depth = header.uint(9, 1) * channels;
  if (![1, 2, 4, 8, 16, 24, 32].includes(depth)) throw gribUnsupported(`PNG of ${depth} bits a pixel`);
  if (width * height > mostPixels) {
    throw gribCorrupt(`an image of at most ${mostPixels} points`, `one of ${width} × ${height}`);
  }
  return { width, height, depth, rowBytes: Math.ceil((width * depth) / 8) };
}

function inflate(deflated: Uint8Array, length: number): Uint8Array {
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(deflated, { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    throw gribCorrupt(`PNG rows of ${length} bytes together`, (cause as Error).message, cause);
  }
  if (inflated.length !== length) {
    throw gribCorrupt(`PNG rows of ${length} bytes together`, String(inflated.length));
  }
  return inflated;
}

/** Undoes the filter of each row (clause 9): the byte in front of it says which. */
function unfilter(filtered: Uint8Array, height: number, rowBytes: number, bytesBefore: number): Uint8Array {
  const rows = new Uint8Array(height * rowBytes);
  let above = new Uint8Array(rowBytes);
  for (let row = 0; row < height; row++) {
    const at = row * (1 + rowBytes);
    const current = rows.subarray(row * rowBytes, (row + 1) * rowBytes);
    current.set(filtered.subarray(at + 1, at + 1 + rowBytes));
    unfilterRow(filtered[at], current, above, bytesBefore);
    above = current;
  }
  return rows;
}

function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, before: number): void {
  if (filter > 4) throw gribCorrupt('a PNG filter from 0 to 4', String(filter));
  if (filter === 0) return;
  for (let i = 0; i < row.length; i++) {
    const left = i >= before ? row[i - before] : 0;
    const up = above[i];
    if (filter === 1) row[i] += left;
    else if (filter === 2) row[i] += up;
    else if (filter === 3) row[i] += (left + up) >> 1;
    else row[i] += paeth(left, up, i >= before ? above[i - before] : 0);
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const byLeft = Math.abs(estimate - left);
  const byUp = Math.abs(estimate - up);
  const byUpLeft = Math.abs(estimate - upLeft);
  if (byLeft <= byUp && byLeft <= byUpLeft) return left;
  return byUp <= byUpLeft ? up : upLeft;
}
