import type { ByteCursor } from '../../byte-cursor.ts';
import { hoursSince1970 } from '../civil-time.ts';
import type { Level } from './level.ts';
import { level2 } from './level2.ts';
import type { Product } from './product.ts';
import { readTemplate2, unreadTemplate } from './template2.ts';
import { timeOf2 } from './time2.ts';

/** Sections 0 and 1 of edition 2: what all fields of a message share. */
export interface Identification {
  discipline: number;
  centre: number;
  subCentre: number;
  masterTables: number;
  localTables: number;
  /** Hours since 1970; undefined when the message states no date. */
  reference: number | undefined;
  /** Code table 1.3. */
  status: number;
}

/** Reads section 1 of edition 2 after its length and number. Throws FORMAT_CORRUPT. */
export function readIdentification(cursor: ByteCursor, discipline: number): Identification {
  const [centre, subCentre] = [cursor.uint16(), cursor.uint16()];
  const [masterTables, localTables] = [cursor.uint8(), cursor.uint8()];
  cursor.skip(1);
  const year = cursor.uint16();
  const [month, day, hour, minute, second] = Array.from({ length: 5 }, () => cursor.uint8());
  const status = cursor.uint8();
  const reference = hoursSince1970({ year, month, day, hour, minute, second });
  return { discipline, centre, subCentre, masterTables, localTables, reference, status };
}

/** Data sets that have names of their own for parameters, by their production status. */
const datasets: Record<number, string> = {
  4: 'tigge',
  5: 'tigge',
  6: 's2s',
  7: 's2s',
  8: 'uerra',
  9: 'uerra',
};

/** What section 4 says. */
export interface ProductSection2 {
  product: Product;
  /** Vertical coordinate parameters: a and b of model levels, as a rule. */
  verticalCoordinates: number[];
}

/**
 * Reads the product definition section of edition 2 (WMO Manual on Codes, FM 92, section 4), after its length and
 * number. The cursor holds no more than the section. Throws FORMAT_CORRUPT; gives a text for what is not read.
 */
export function readProduct2(cursor: ByteCursor, identification: Identification): ProductSection2 | string {
  const { discipline, centre, subCentre, masterTables, localTables, reference } = identification;
  const verticalCount = cursor.uint16();
  const template = cursor.uint16();
  const [category, number] = [cursor.uint8(), cursor.uint8()];
  const content = readTemplate2(cursor, template, cursor.length - 4 * verticalCount);
  if (content?.forecast === undefined) return unreadTemplate(template);
  if (reference === undefined) return 'its reference time is no date';
  const timed = timeOf2(reference, content.forecast, content.interval);
  if (timed === undefined) return 'its forecast time or interval is not read';
  const { surfaces, facts, ensemble, area, places, qualifiers } = content;
  // The meaning of some numbers changed for ECMWF with version 34 of the tables.
  const isBefore34 = (centre === 98 || subCentre === 98) && masterTables < 34;
  const none = { type: 255, value: undefined };
  const [first, second] = surfaces ?? [none, none];
  const level: Level =
    first.type === 255 && second.type === 255 ? { kind: 'unspecified' } : level2(first, second, centre);
  const product: Product = {
    keys: keysOf(identification, `${discipline}.${category}.${number}`),
    facts: { ...facts, localTables, tables: isBefore34 ? 33 : 34 },
    fallback: `param_${discipline}_${category}_${number}`,
    identity: {
      GRIB_edition: 2,
      GRIB_centre: centre,
      GRIB_discipline: discipline,
      GRIB_category: category,
      GRIB_number: number,
      ...(level.ends === undefined ? {} : { GRIB_layer: level.ends }),
      ...content.attributes,
    },
    level,
    ...timed,
    ensemble,
    area,
    apart: content.apart,
    places,
    qualifiers,
  };
  return { product, verticalCoordinates: readVertical(cursor, verticalCount) };
}

/** Keys of the parameter in tables: of its data set or centre and of WMO, else of ECMWF, which many centres use, else old ones. */
function keysOf({ centre, status }: Identification, key: string): string[][] {
  return [[`${datasets[status] ?? centre}.${key}`, `*.${key}`], [`98.${key}`], [`legacy.${key}`]];
}

/** IEEE numbers at the end of the section. */
function readVertical(cursor: ByteCursor, count: number): number[] {
  if (count === 0 || 4 * count > cursor.remaining) return [];
  cursor.seek(cursor.length - 4 * count);
  return Array.from({ length: count }, () => cursor.float32());
}
