import { type Bitmap, makeBitmap } from './bitmap.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { Section } from './section.ts';

/** What of a GRIB 2 message makes the values of one field: its sections 3, 5 and 7, and the bitmap that holds for it. */
export interface Grib2Field {
  grid: Section;
  representation: Section;
  /** Absent when all points have values. */
  bitmapSection?: Section;
  data: Section;
}

const indicatorLength = 16;
const end = '7777';

/**
 * The `number`-th field, from 0, of a message that may have several: sections 2 to 7, 3 to 7 or 4 to 7 repeat (regulation
 * 92.4.2). The bytes may end with the field's section 7. Throws FORMAT_CORRUPT.
 */
export function findField(message: Uint8Array, number: number): Grib2Field {
  const found = new Map<number, Section>();
  let definedBitmap: Section | undefined;
  let fields = 0;
  for (const section of sectionsOf(message)) {
    found.set(section.number, section);
    if (section.number === 6 && section.uint(6, 1) === 0) definedBitmap = section;
    if (section.number === 7 && fields++ === number) return fieldOf(found, definedBitmap);
  }
  throw gribCorrupt(`a message with field ${number}`, `one with ${fields} fields`);
}

function* sectionsOf(message: Uint8Array): Iterable<Section> {
  let at = indicatorLength;
  while (at < message.length && !isEnd(message, at)) {
    const head = new Section(0, message.subarray(at, at + 5));
    const length = head.uint(1, 4);
    if (length < 5 || length > message.length - at) {
      throw gribCorrupt(
        `a section of 5 to ${message.length - at} bytes at byte ${at} of the message`,
        `one of ${length}`,
      );
    }
    yield new Section(head.uint(5, 1), message.subarray(at, at + length));
    at += length;
  }
}

function isEnd(message: Uint8Array, at: number): boolean {
  return at + 4 === message.length && Buffer.from(message.subarray(at)).toString('latin1') === end;
}

function fieldOf(found: ReadonlyMap<number, Section>, definedBitmap: Section | undefined): Grib2Field {
  const section = (number: number): Section => {
    const there = found.get(number);
    if (there === undefined) throw gribCorrupt(`section ${number} before section 7`, 'none');
    return there;
  };
  return {
    grid: section(3),
    representation: section(5),
    bitmapSection: bitmapOf(section(6), definedBitmap),
    data: section(7),
  };
}

/** The section with the bits that section 6 stands for (code table 6.0). */
function bitmapOf(section: Section, definedBitmap: Section | undefined): Section | undefined {
  const indicator = section.uint(6, 1);
  if (indicator === 255) return undefined;
  if (indicator === 0) return section;
  if (indicator !== 254) throw gribUnsupported(`predefined bitmap ${indicator} of the originating centre`);
  if (definedBitmap === undefined) {
    throw gribCorrupt('a bitmap before the field that refers to one', 'none in the message');
  }
  return definedBitmap;
}

/** The bitmap of a field of so many points. Throws FORMAT_CORRUPT when it has fewer bits. */
export function readBitmap(section: Section, points: number): Bitmap {
  section.requireBits(7, points, 'a bitmap');
  return makeBitmap(section.bytes.subarray(6), points);
}
