import { type Bitmap, makeBitmap } from './bitmap.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { Section } from './section.ts';

/** What of a GRIB 1 message makes its values. */
export interface Grib1Message {
  product: Section;
  /** Absent when the grid is one of a catalogue, which section 1 names. */
  grid?: Section;
  /** Absent when all points have values. */
  bitmapSection?: Section;
  data: Section;
}

const indicatorLength = 8;
const endLength = 4;

/** Takes a GRIB 1 message apart. Throws FORMAT_CORRUPT. */
export function parseGrib1(message: Uint8Array): Grib1Message {
  let at = indicatorLength;
  const next = (number: number): Section => {
    const length = new Section(0, message.subarray(at, at + 3)).uint(1, 3);
    if (length < 3 || length > message.length - at) {
      throw gribCorrupt(
        `section ${number} of at most ${message.length - at} bytes at byte ${at} of the message`,
        `one of ${length}`,
      );
    }
    const section = new Section(number, message.subarray(at, at + length));
    at += length;
    return section;
  };
  const product = next(1);
  const flags = product.uint(8, 1);
  const grid = (flags & 0x80) === 0 ? undefined : next(2);
  const bitmapSection = (flags & 0x40) === 0 ? undefined : next(3);
  const data = isLarge(message, at)
    ? new Section(4, message.subarray(at, message.length - endLength))
    : next(4);
  return { product, grid, bitmapSection, data };
}

/**
 * Whether the message is longer than its 24 bits of length can say. ECMWF then writes the length in units of 120 bytes with
 * the first bit set, and in place of section 4's length how many bytes the last unit is too long: less than 120.
 */
function isLarge(message: Uint8Array, dataAt: number): boolean {
  const total = new Section(0, message).uint(5, 3);
  return total >= 0x800000 && new Section(0, message.subarray(dataAt, dataAt + 3)).uint(1, 3) < 120;
}

/** The bitmap of a field of so many points. Throws FORMAT_CORRUPT when it has fewer bits, FORMAT_UNSUPPORTED when it is predefined. */
export function readBitmap1(section: Section, points: number): Bitmap {
  const table = section.uint(5, 2);
  if (table !== 0) throw gribUnsupported(`predefined bitmap ${table} of the originating centre`);
  section.requireBits(7, points + section.uint(4, 1), 'a bitmap and its unused bits');
  return makeBitmap(section.bytes.subarray(6), points);
}
