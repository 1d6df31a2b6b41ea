import assert from 'node:assert/strict';
import { crc32, deflateSync } from 'node:zlib';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import fc from 'fast-check';
import { readPng } from '../../src/grib/png.ts';

interface Image {
  width: number;
  height: number;
  bitDepth: number;
  colourType: number;
  rows: Uint8Array;
  /** Filter of each row, in turn. */
  filters: readonly number[];
}

const channels: Record<number, number> = { 0: 1, 2: 3, 6: 4 };
const rowBytesOf = ({ width, bitDepth, colourType }: Omit<Image, 'rows' | 'filters'>) =>
  Math.ceil((width * bitDepth * channels[colourType]) / 8);

function chunk(type: string, content: Uint8Array): Buffer {
  const checked = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(checked));
  return Buffer.concat([length, checked, checksum]);
}

/** A PNG image whose rows are filtered as ISO/IEC 15948 has it (clause 9.2). */
function png(image: Image, interlace = 0): Uint8Array {
  const { width, height, bitDepth, colourType, rows, filters } = image;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType, 0, 0, interlace], 8);
  const rowBytes = rowBytesOf(image);
  const before = Math.max(1, (bitDepth * channels[colourType]) / 8);
  const filtered = Buffer.alloc(height * (1 + rowBytes));
  for (let row = 0; row < height; row++) {
    const filter = filters[row % filters.length];
    filtered[row * (1 + rowBytes)] = filter;
    const at = (y: number, x: number) => (y < 0 || x < 0 ? 0 : rows[y * rowBytes + x]);
    for (let x = 0; x < rowBytes; x++) {
      const [a, b, c] = [at(row, x - before), at(row - 1, x), at(row - 1, x - before)];
      const nearest = [a, b, c].reduce((best, value) =>
        Math.abs(a + b - c - value) < Math.abs(a + b - c - best) ? value : best,
      );
      const predicted = [0, a, b, Math.floor((a + b) / 2), nearest][filter];
      filtered[row * (1 + rowBytes) + 1 + x] = at(row, x) - predicted;
    }
  }
  const stored = deflateSync(filtered);
  const half = stored.length >> 1;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from('Comment\0none')),
    chunk('IDAT', stored.subarray(0, half)),
    chunk('IDAT', stored.subarray(half)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const anyImage = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom([1, 0], [2, 0], [4, 0], [8, 0], [16, 0], [8, 2], [8, 6]),
    filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
    bytes: fc.uint8Array({ minLength: 20 * 4 * 12, maxLength: 20 * 4 * 12 }),
  })
  .map(({ width, height, kind: [bitDepth, colourType], filters, bytes }): Image => {
    const size = height * rowBytesOf({ width, height, bitDepth, colourType });
    return { width, height, bitDepth, colourType, filters, rows: bytes.slice(0, size) };
  });

const plain: Image = {
  width: 2,
  height: 1,
  bitDepth: 8,
  colourType: 0,
  filters: [0],
  rows: new Uint8Array(2),
};

function failsWith(reason: Reason, stream: Uint8Array, text: RegExp): void {
  assert.throws(
    () => readPng(stream, 100),
    (error) => isHyperslabError(error, reason) && text.test(error.message),
  );
}

describe('grib: PNG', () => {
  it('gives pixels as they are stored, of every depth and filter', () => {
    fc.assert(
      fc.property(anyImage, (image) => {
        const { width, height, depth, rows } = readPng(png(image), image.width * image.height);
        assert.deepEqual([width, height], [image.width, image.height]);
        assert.equal(depth, image.bitDepth * channels[image.colourType]);
        assert.deepEqual(Buffer.from(rows), Buffer.from(image.rows));
      }),
    );
  });

  it('says what is wrong with an image', () => {
    const whole = png(plain);
    failsWith('FORMAT_CORRUPT', whole.subarray(1), /a PNG image/);
    failsWith('FORMAT_CORRUPT', whole.subarray(0, whole.length - 1), /a chunk of a PNG image/);
    failsWith(
      'FORMAT_CORRUPT',
      png({ ...plain, width: 200, rows: new Uint8Array(200) }),
      /at most 100 points/,
    );
    failsWith(
      'FORMAT_UNSUPPORTED',
      png({ ...plain, bitDepth: 16, colourType: 2, rows: new Uint8Array(12) }),
      /48 bits/,
    );
    failsWith('FORMAT_UNSUPPORTED', png(plain, 1), /interlaced/);
    failsWith('FORMAT_CORRUPT', png({ ...plain, filters: [5] }), /a PNG filter from 0 to 4/);
    const damaged = Uint8Array.from(whole);
    damaged[20] ^= 1;
    failsWith('CHECKSUM_MISMATCH', damaged, /checksum/);
  });
});
