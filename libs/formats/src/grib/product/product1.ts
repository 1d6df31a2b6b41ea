import type { ByteCursor } from '../../byte-cursor.ts';
import { readEcmwfLocal } from './ecmwf-local1.ts';
import { level1 } from './level1.ts';
import { type Place, type Product, realization } from './product.ts';
import { derivedOf, type Statistic } from './statistic.ts';
import { readTime1, readTimeOctets } from './time1.ts';

/** Section 1 of edition 1. */
export interface ProductSection1 {
  product: Product;
  /** Number of a predefined grid (code table B of the centre); 255 when section 2 defines the grid. */
  gridNumber: number;
  centre: number;
  hasGrid: boolean;
  hasBitmap: boolean;
}

/**
 * Reads the product definition section of edition 1 (WMO Manual on Codes, FM 92-VIII, section 1). The cursor is at its
 * first octet and holds no more than the section. Throws FORMAT_CORRUPT; gives a text for what is not read.
 */
export function readProduct1(cursor: ByteCursor): ProductSection1 | string {
  cursor.seek(3);
  const table = cursor.uint8();
  const centre = cursor.uint8();
  cursor.skip(1);
  const gridNumber = cursor.uint8();
  const flags = cursor.uint8();
  const parameter = cursor.uint8();
  const levelType = cursor.uint8();
  const [level, below] = [cursor.uint8(), cursor.uint8()];
  const time = readTimeOctets(cursor);
  const subCentre = cursor.uint8();
  const timed = readTime1(time, centre);
  if (timed === undefined) {
    const { year, month, day, century, unit, indicator } = time;
    return `time range ${indicator} in units ${unit} from ${(century - 1) * 100 + year}-${month}-${day} is not read`;
  }
  const local = readLocal(cursor, centre, subCentre);
  const tableCentre = table >= 128 && centre !== 98 && subCentre === 98 ? 98 : centre;
  const product: Product = {
    // Tables from 128 on are the centres' own; many use ECMWF's. NCEP has one table for all versions of WMO's.
    keys: [
      [`${tableCentre}.${table}.${parameter}`, `*.${table}.${parameter}`],
      ...(centre === 7 && table < 128 ? [[`7.2.${parameter}`]] : []),
      [`98.${table}.${parameter}`],
    ],
    facts: { levelType, level: level * 256 + below, top: level, bottom: below, timeRange: time.indicator },
    fallback: `param_${table}_${parameter}`,
    identity: { GRIB_edition: 1, GRIB_centre: centre, GRIB_table: table, GRIB_parameter: parameter },
    level: level1(levelType, level, below, centre),
    ...timed,
    ...local,
    area: undefined,
    apart: [],
    qualifiers: {},
  };
  return {
    product,
    gridNumber,
    centre,
    hasGrid: (flags & 0x80) !== 0,
    hasBitmap: (flags & 0x40) !== 0,
  };
}

interface Local {
  places: Place[];
  ensemble: Statistic | undefined;
}

/** Octets from 41 on, in the centres' own forms. */
function readLocal(cursor: ByteCursor, centre: number, subCentre: number): Local {
  const none: Local = { places: [], ensemble: undefined };
  if (cursor.length <= 40) return none;
  cursor.seek(40);
  if (centre === 98 || subCentre === 98) return readEcmwfLocal(cursor);
  return centre === 7 && cursor.remaining >= 5 ? readNcepLocal(cursor) : none;
}

/** NCEP's ensemble extension (Office Note 388, appendix C): application, type, number, product. */
function readNcepLocal(cursor: ByteCursor): Local {
  const application = cursor.uint8();
  const type = cursor.uint8();
  const number = cursor.uint8();
  const product = cursor.uint8();
  if (application !== 1) return { places: [], ensemble: undefined };
  // A whole cluster or ensemble: mean, weighted mean, spread.
  if (type >= 4) return { places: [], ensemble: ncepProducts[product] };
  // Controls of high and low resolution are 0 and -1; pairs of opposite perturbations share a number: 1+, 1-, 2+, 2- …
  const member = type === 1 ? 1 - number : 2 * number - (type === 3 ? 1 : 0);
  return { places: [realization(member)], ensemble: undefined };
}

const ncepProducts: Record<number, Statistic> = { 1: derivedOf(0), 2: derivedOf(1), 11: derivedOf(4) };
