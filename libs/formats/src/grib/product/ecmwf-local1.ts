import type { ByteCursor } from '../../byte-cursor.ts';
import { numbered, type Place, realization } from './product.ts';
import { derivedOf, type Statistic } from './statistic.ts';

/** What ECMWF's local use section of edition 1 says that tells fields apart. */
interface EcmwfLocal {
  places: Place[];
  ensemble: Statistic | undefined;
}

/** Octet after the labels, and width, of the member's number in ECMWF's local definitions; then of how many there are. */
const memberWidth: Record<number, 1 | 2> = {
  1: 1,
  13: 1,
  14: 1,
  18: 1,
  26: 1,
  27: 1,
  28: 1,
  30: 1,
  36: 1,
  37: 1,
  40: 1,
  50: 1,
  12: 2,
  15: 2,
  16: 2,
  23: 2,
};

/** Types of MARS that are made of an ensemble: its mean and its standard deviation. */
const ensembleTypes: Record<number, number> = { 17: 0, 18: 4 };

/**
 * Reads octets from 41 on of section 1 of a message of ECMWF, or labelled as ECMWF does: the definition's number, class,
 * type, stream and version, and what the definition has then. The cursor is at octet 41 and holds no more than the section.
 */
export function readEcmwfLocal(cursor: ByteCursor): EcmwfLocal {
  const none: EcmwfLocal = { places: [], ensemble: undefined };
  if (cursor.remaining < 11) return none;
  const definition = cursor.uint8();
  cursor.skip(1);
  const type = cursor.uint8();
  cursor.skip(6);
  const width = memberWidth[definition];
  const derived = ensembleTypes[type];
  const ensemble = derived === undefined ? undefined : derivedOf(derived);
  if (width === undefined || cursor.remaining < 2 * width) return { places: [], ensemble };
  const member = cursor.uint(width);
  // Of what is no ensemble, number and total are 0. Definitions with two octets are of ensembles only.
  const total = width === 1 ? cursor.uint8() : 1;
  const isMember = ensemble === undefined && member + total > 0;
  const places = isMember ? [realization(member)] : [];
  if (definition === 13) places.push(...readSpectrum(cursor));
  return { places, ensemble };
}

/** Number of direction and of frequency of a two-dimensional wave spectrum, when the message is one. */
function readSpectrum(cursor: ByteCursor): Place[] {
  if (cursor.remaining < 4) return [];
  const [direction, frequency, directions, frequencies] = [
    cursor.uint8(),
    cursor.uint8(),
    cursor.uint8(),
    cursor.uint8(),
  ];
  if (directions === 0 || frequencies === 0) return [];
  return [
    numbered('directionNumber', 'number of the wave direction', direction),
    numbered('frequencyNumber', 'number of the wave frequency', frequency),
  ];
}
