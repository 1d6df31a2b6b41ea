import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { Field, Message } from './field.ts';
import type { GridDefinition } from './grid/grid.ts';
import { readGrid2 } from './grid/grid2.ts';
import type { MessageBytes } from './message-bytes.ts';
import {
  type Identification,
  type ProductSection2,
  readIdentification,
  readProduct2,
} from './product/product2.ts';
import type { SectionCache } from './section-cache.ts';

/** Section 0 of edition 2. */
const indicatorOctets = 16;

/** Length and number, which begin each section. */
const headerOctets = 5;

// Rows of the largest reduced grids take some kilobytes. Sections 1, 3 and 4 are read whole.
const longestSection = 16 * 1024 * 1024;

/** What is in force while sections 2 to 7 repeat. */
interface State {
  identification: Identification | undefined;
  grid: GridDefinition | undefined;
  product: ProductSection2 | string | undefined;
  storedDtype: Field['storedDtype'];
}

/**
 * Reads a message of edition 2 (WMO Manual on Codes, FM 92) at an offset: sections 1, 3, 4 and the beginning of 5, and
 * the lengths of the others. Each section 7 ends a field. Throws FORMAT_CORRUPT.
 */
export async function readMessage2(
  bytes: MessageBytes,
  offset: number,
  grids: SectionCache<GridDefinition>,
): Promise<Message> {
  const indicator = await bytes.cursor(offset, indicatorOctets);
  indicator.seek(6);
  const discipline = indicator.uint8();
  indicator.skip(1);
  const length = indicator.uint(8);
  const end = offset + length;
  if (length < indicatorOctets + 4 || end > bytes.size) {
    throw formatCorrupt(bytes.url, offset, `a message of ${length} bytes`, `a file of ${bytes.size} bytes`);
  }
  const state: State = {
    identification: undefined,
    grid: undefined,
    product: undefined,
    storedDtype: 'float32',
  };
  const fields: Field[] = [];
  const notes: string[] = [];
  let count = 0;
  for (let at = offset + indicatorOctets; at + 4 < end; ) {
    const header = await bytes.cursor(at, headerOctets);
    const [sectionLength, number] = [header.uint32(), header.uint8()];
    if (sectionLength < headerOctets || at + sectionLength > end - 4) {
      throw formatCorrupt(
        bytes.url,
        at,
        `section ${number} within its message, which ends at byte ${end}`,
        `a length of ${sectionLength}`,
      );
    }
    const section = { at, length: sectionLength, number };
    if (number === 7) {
      const field = fieldOf(bytes, offset, at + sectionLength, state);
      if (typeof field === 'string') notes.push(field);
      else fields.push({ ...field, number: count });
      count++;
      // What repeats are sections 4 to 7 at least (regulation 92.4.2): sections 7 alone make a field of every five octets.
      state.product = undefined;
    } else await readSection(bytes, section, discipline, state, grids);
    at += sectionLength;
  }
  const only = fields.map((field): Field => ({ ...field, number: undefined, length }));
  return { end, fields: count === 1 ? only : fields, notes };
}

interface Section {
  at: number;
  length: number;
  number: number;
}

async function readSection(
  bytes: MessageBytes,
  { at, length, number }: Section,
  discipline: number,
  state: State,
  grids: SectionCache<GridDefinition>,
): Promise<void> {
  if (number < 1 || number > 6) {
    throw formatCorrupt(bytes.url, at, 'a section of number 1 to 7', `number ${number}`);
  }
  if (number === 2 || number === 6) return;
  if (number === 5) {
    state.storedDtype = await dtypeOf(bytes, at, length);
    return;
  }
  if (length > longestSection) {
    const what = `a section ${number} of ${length} bytes, more than ${longestSection},`;
    throw formatUnsupported(bytes.url, at, what, 'leave the message out');
  }
  const cursor = await bytes.cursor(at, length);
  cursor.seek(headerOctets);
  if (number === 1) state.identification = readIdentification(cursor, discipline);
  else if (number === 3) state.grid = grids.get(await bytes.at(at, length), at, () => readGrid2(cursor));
  else if (state.identification !== undefined) state.product = readProduct2(cursor, state.identification);
}

/** What section 5 makes of numbers: doubles of 64-bit IEEE (template 5.4) and of spectral coefficients (5.50, 5.51, 5.53). */
async function dtypeOf(bytes: MessageBytes, at: number, length: number): Promise<Field['storedDtype']> {
  const cursor = await bytes.cursor(at, Math.min(length, 12));
  cursor.seek(9);
  const template = cursor.uint16();
  const isDouble =
    (template === 4 && cursor.uint8() === 2) || template === 50 || template === 51 || template === 53;
  return isDouble ? 'float64' : 'float32';
}

/** The field that a section 7 ends; or why there is none. */
function fieldOf(
  bytes: MessageBytes,
  offset: number,
  end: number,
  { grid, product, storedDtype }: State,
): Omit<Field, 'number'> | string {
  if (grid === undefined || product === undefined) {
    throw formatCorrupt(bytes.url, end, 'sections 1, 3 and 4 before section 7', 'none of one of them');
  }
  if (typeof product === 'string') return product;
  return {
    offset,
    length: end - offset,
    edition: 2,
    storedDtype,
    product: product.product,
    grid,
    verticalCoordinates: product.verticalCoordinates,
  };
}
