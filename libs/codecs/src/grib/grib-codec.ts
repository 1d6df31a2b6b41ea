import { HyperslabError } from '@hyperslab/errors';
import type { Codec, CodecConfiguration } from '../codec.ts';
import { codecUnsupported } from '../codec-error.ts';
import { positiveInteger } from '../configuration.ts';
import { decodeGrib1 } from './decode-grib1.ts';
import { decodeGrib2 } from './decode-grib2.ts';
import type { FieldValues, WantedField } from './field-values.ts';
import { gribCorrupt } from './grib-error.ts';
import { type ScannedGrid, toRowMajor } from './scan-order.ts';
import { Section } from './section.ts';

/** A constant field takes no bytes, so bytes set no bound. The largest real grids have a quarter of a billion points. */
const mostPoints = 2 ** 29;

/**
 * One field of a GRIB message of edition 1 or 2 (WMO-No. 306, FM 92): from "GRIB" to the end of the message, or to the end of the
 * field's section 7. It becomes float32 values, or float64 ones with `"dtype":"float64"`; missing points are NaN.
 * `edition` is 1 or 2, that of the message when not given; `field` counts, from 0, the fields of a GRIB 2 message that has several. With `scan` (the scanning
 * mode), `ni` and `nj` points come in the order [j, i]; without, in the order of the file. Values are computed in double precision and rounded
 * once. The codec is only read with. Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED, CHECKSUM_MISMATCH and TOO_LARGE.
 */
export const gribCodec: Codec = {
  name: 'grib',
  decode,
  // A field's packing says nothing of its size; nothing is allocated by it.
  encodedBound: () => Number.POSITIVE_INFINITY,
};

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const wanted = wantedField(configuration, decodedLength);
  const edition = editionOf(bytes, configuration);
  const decoded =
    edition === 1 ? decodeGrib1(bytes, wanted) : decodeGrib2(bytes, fieldNumber(configuration), wanted);
  const values: FieldValues = wanted.scanned === undefined ? decoded : toRowMajor(decoded, wanted.scanned);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function wantedField(configuration: CodecConfiguration, decodedLength: number): WantedField {
  const { dtype } = configuration;
  if (dtype !== undefined && dtype !== 'float32' && dtype !== 'float64') {
    throw codecUnsupported(
      'grib',
      `expected "dtype" to be float32 or float64, found ${JSON.stringify(dtype)}`,
    );
  }
  const double = dtype === 'float64';
  const points = decodedLength / (double ? 8 : 4);
  if (!Number.isInteger(points)) throw gribCorrupt('a field of whole numbers', `${decodedLength} bytes`);
  if (points > mostPoints) {
    throw new HyperslabError(
      'TOO_LARGE',
      `codec "grib": expected a field of at most ${mostPoints} points, found ${points}; write it as several fields`,
      { codec: 'grib', points: String(points) },
    );
  }
  return { points, double, scanned: scannedGrid(configuration, points) };
}

function scannedGrid(configuration: CodecConfiguration, points: number): ScannedGrid | undefined {
  const { scan } = configuration;
  if (scan === undefined) return undefined;
  if (typeof scan !== 'number' || !Number.isInteger(scan) || scan < 0 || scan > 255) {
    throw codecUnsupported('grib', `expected "scan" to be from 0 to 255, found ${JSON.stringify(scan)}`);
  }
  const ni = positiveInteger('grib', configuration, 'ni');
  const nj = positiveInteger('grib', configuration, 'nj');
  if (ni * nj !== points) throw gribCorrupt(`a grid of ${points} points`, `one of ${ni} × ${nj}`);
  return { scan, ni, nj };
}

function fieldNumber({ field }: CodecConfiguration): number {
  if (field === undefined) return 0;
  if (typeof field === 'number' && Number.isSafeInteger(field) && field >= 0) return field;
  throw codecUnsupported('grib', `expected "field" to be a number from 0, found ${JSON.stringify(field)}`);
}

function editionOf(bytes: Uint8Array, configuration: CodecConfiguration): 1 | 2 {
  const indicator = new Section(0, bytes);
  if (indicator.uint(1, 4) !== 0x47524942) {
    throw gribCorrupt('"GRIB"', `bytes ${indicator.uint(1, 4).toString(16)}`);
  }
  const edition = indicator.uint(8, 1);
  const { edition: stated = edition } = configuration;
  if ((edition !== 1 && edition !== 2) || edition !== stated) {
    throw gribCorrupt(`edition ${JSON.stringify(stated)} of 1 and 2`, `edition ${edition}`);
  }
  return edition;
}
