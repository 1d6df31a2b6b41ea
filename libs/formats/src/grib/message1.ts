import { formatCorrupt } from '../format-error.ts';
import type { Field, Message } from './field.ts';
import { type GridDefinition, shapeOf } from './grid/grid.ts';
import { readGrid1 } from './grid/grid1.ts';
import { predefinedGrid } from './grid/predefined-grids.ts';
import type { MessageBytes } from './message-bytes.ts';
import { readProduct1 } from './product/product1.ts';
import type { SectionCache } from './section-cache.ts';

/** What a message of edition 1 says of its grid. */
export type Grid1 = ReturnType<typeof readGrid1>;

/** Section 0 of edition 1. */
const indicatorOctets = 8;

/**
 * Reads a message of edition 1 (WMO Manual on Codes, FM 92-VIII) at an offset: sections 1 and 2, and the lengths of the
 * others. Throws FORMAT_CORRUPT.
 */
export async function readMessage1(
  bytes: MessageBytes,
  offset: number,
  grids: SectionCache<Grid1>,
): Promise<Message> {
  const { url } = bytes;
  const stated = (await bytes.cursor(offset + 4, 3)).uint(3);
  const section1 = offset + indicatorOctets;
  const length1 = await lengthAt(bytes, section1, 28);
  const product1 = readProduct1(await bytes.cursor(section1, length1));
  // What is not read is left out all the same at its length, which its flags are needed for.
  const flags = (await bytes.at(section1 + 7, 1))[0];
  const section2 = section1 + length1;
  const length2 = (flags & 0x80) === 0 ? 0 : await lengthAt(bytes, section2, 32);
  const section3 = section2 + length2;
  const length3 = (flags & 0x40) === 0 ? 0 : await lengthAt(bytes, section3, 6);
  const section4 = section3 + length3;
  // Only long messages need the length of their data, which may be far from the header.
  const length = stated < longMessage ? stated : lengthOf(stated, await lengthAt(bytes, section4, 1));
  const end = offset + length;
  if (section4 + 4 > end || end > bytes.size) {
    throw formatCorrupt(
      url,
      offset,
      `a message of ${length} bytes that holds its sections`,
      `sections up to byte ${section4} of ${bytes.size}`,
    );
  }
  if (typeof product1 === 'string') return { end, fields: [], notes: [product1] };
  const points = () => pointsOf(bytes, length3 === 0 ? undefined : section3, section4);
  const { product, gridNumber, centre } = product1;
  const { definition, verticalCoordinates } =
    length2 > 0
      ? await gridAt(bytes, section2, length2, grids, points)
      : { definition: gridOfNumber(centre, gridNumber, await points()), verticalCoordinates: [] };
  if (definition.grid.kind === 'other' && definition.grid.points === 0) {
    return { end, fields: [], notes: [`how many points ${definition.grid.what} has is not told`] };
  }
  const field: Field = {
    offset,
    length,
    edition: 1,
    number: undefined,
    storedDtype: definition.grid.kind === 'spectral' ? 'float64' : 'float32',
    product,
    grid: definition,
    verticalCoordinates,
  };
  return { end, fields: [field], notes: [] };
}

/** The length of a section: three octets that begin it. */
async function lengthAt(bytes: MessageBytes, offset: number, least: number): Promise<number> {
  const length = (await bytes.cursor(offset, 3)).uint(3);
  if (length >= least) return length;
  throw formatCorrupt(bytes.url, offset, `a section of at least ${least} octets`, `one of ${length}`);
}

/** First bit of the length of a message. */
const longMessage = 0x800000;

/**
 * The length of a message past 8 MiB. Its three octets reach to 16 MiB; ECMWF writes longer ones with the first bit set, in
 * units of 120 octets: section 4 states then how much less the message is, and 4.
 */
function lengthOf(stated: number, length4: number): number {
  return length4 >= 120 ? stated : (stated - longMessage) * 120 - length4 + 4;
}

/** Representations that tell how many points they have; of others the data does. */
const countedTypes = new Set([0, 1, 3, 4, 5, 10, 13, 14, 20, 24, 30, 34, 50, 60, 70, 80]);

async function gridAt(
  bytes: MessageBytes,
  offset: number,
  length: number,
  grids: SectionCache<Grid1>,
  points: () => Promise<number>,
): Promise<Grid1> {
  const cursor = await bytes.cursor(offset, length);
  const section = await bytes.at(offset, length);
  if (!countedTypes.has(section[5])) return readGrid1(cursor, await points());
  return grids.get(section, offset, () => readGrid1(cursor, 0));
}

/** The grid of a number that stands for a definition; one that does not have the points of the data is another. */
function gridOfNumber(centre: number, number: number, points: number): GridDefinition {
  const known = predefinedGrid(centre, number);
  const expected = known === undefined ? undefined : shapeOf(known.grid).reduce((a, b) => a * b, 1);
  if (known !== undefined && (points === 0 || points === expected)) return known;
  const what = `grid ${number} of centre ${centre}, which the file does not define,`;
  return { grid: { kind: 'other', points, what }, scan: 0, windsAlongGrid: false };
}

/** How many points a message has, by its bitmap or by its data; 0 when all are the same number, of which there is no telling. */
async function pointsOf(
  bytes: MessageBytes,
  section3: number | undefined,
  section4: number,
): Promise<number> {
  if (section3 !== undefined) {
    const bitmap = await bytes.cursor(section3, 6);
    const length = bitmap.uint(3);
    const unused = bitmap.uint8();
    if (bitmap.uint16() === 0) return Math.max(0, (length - 6) * 8 - unused);
  }
  const data = await bytes.cursor(section4, 11);
  const length = data.uint(3);
  const unused = data.uint8() & 0x0f;
  data.seek(10);
  const bits = data.uint8();
  return bits === 0 ? 0 : Math.max(0, Math.floor(((length - 11) * 8 - unused) / bits));
}
