import { type Bitmap, spread } from './bitmap.ts';
import { fillConstant1 } from './constant-field.ts';
import { unpackExtended } from './extended-second-order.ts';
import { type Destination, type FieldValues, fillField, type WantedField } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { parseGrib1, readBitmap1 } from './grib1-message.ts';
import { rowLengths } from './grid-rows.ts';
import { unpackIeee } from './ieee-packing.ts';
import { makeScaling, type Scaling } from './scaling.ts';
import { reverseEverySecondRow } from './scan-order.ts';
import { unpackSecondOrder } from './second-order.ts';
import type { Section } from './section.ts';
import { unpackSimple } from './simple-packing.ts';
import { triangular, unpackSpectralComplex, unpackSpectralSimple } from './spectral-packing.ts';

/** Flags of octet 4 of section 4 (code table 11). */
const spherical = 0x80;
const complexPacked = 0x40;
const integerValues = 0x20;
const moreFlags = 0x10;

/** Flags of octet 14: those of code table 11, and those that ECMWF adds. */
const matrix = 0x40;
const secondaryBitmap = 0x20;
const differentWidths = 0x10;
const generalExtended = 0x08;
const boustrophedonic = 0x04;

/** A section is filled up to an even number of octets; four bits say how many bits that takes. */
const mostUnusedBits = 15;

/** GRIBEX marks a field without any value by this binary scale. */
const allMissing = -32767;

/** Values of a GRIB 1 message in the order of the file, NaN where missing. */
export function decodeGrib1(message: Uint8Array, wanted: WantedField): FieldValues {
  const { product, grid, bitmapSection, data } = parseGrib1(message);
  const { points, scanned } = wanted;
  if (data.signed(5, 2) === allMissing)
    return fillField(wanted, points, ({ open }) => open().fill(Number.NaN));
  const bitmap = bitmapSection && readBitmap1(bitmapSection, points);
  const rows = () => rowLengths(grid, scanned, points);
  const scaling = makeScaling(data.ibm32(7), data.signed(5, 2), product.signed(27, 2));
  const values = fillField(wanted, bitmap?.present ?? points, (destination) => {
    const flags = data.uint(4, 1);
    if ((flags & spherical) !== 0) unpackSpectral(grid, data, scaling, destination);
    else if ((flags & complexPacked) !== 0) {
      unpackHigherOrder(data, scaling, () => codedInRows(rows(), bitmap), destination);
    } else if ((flags & moreFlags) !== 0) unpackWithFlags(data, destination);
    else if (data.uint(11, 1) === 0) fillConstant1(scaling.reference, product.signed(27, 2), destination);
    else unpackSimple1(data, scaling, destination);
  });
  if (bitmap !== undefined) spread(values, bitmap);
  if (isBoustrophedonic(data)) reverseEverySecondRow(values, rows());
  return values;
}

/** Nothing but the length of section 4 tells how many values it has: more of them would be another grid's. */
function unpackSimple1(data: Section, scaling: Scaling, destination: Destination): void {
  const width = data.uint(11, 1);
  const surplus = 8 * (data.length - 11) - width * destination.coded;
  if (surplus > mostUnusedBits) {
    throw gribCorrupt(`${destination.coded} values of ${width} bits`, `${surplus} bits more`);
  }
  unpackSimple({ data, octet: 12, width, scaling }, destination);
}

/** ECMWF's IEEE packing takes the place of the flags of a matrix of values, and says its precision there. */
function unpackWithFlags(data: Section, destination: Destination): void {
  if ((data.uint(4, 1) & integerValues) === 0) throw gribUnsupported('a matrix of values at each point');
  unpackIeee(data, 13, data.uint(12, 1), destination);
}

function unpackHigherOrder(
  data: Section,
  scaling: Scaling,
  rows: () => Uint32Array,
  destination: Destination,
): void {
  const flags = data.uint(14, 1);
  if ((flags & matrix) !== 0) throw gribUnsupported('a matrix of values at each point');
  if ((flags & generalExtended) === 0) unpackSecondOrder({ data, scaling, rows }, destination);
  else if ((flags & secondaryBitmap) !== 0 || (flags & differentWidths) === 0) {
    throw gribUnsupported(`extended second-order packing with flags ${flags}`);
  } else unpackExtended(data, scaling, flags & 3, destination);
}

/** Octets 7 to 12 of section 2; octets 12 to 18 of section 4. */
function unpackSpectral(
  grid: Section | undefined,
  data: Section,
  scaling: Scaling,
  destination: Destination,
): void {
  if (grid === undefined) throw gribUnsupported('a spectral field without a grid definition');
  const truncation = triangular(grid.uint(7, 2), grid.uint(9, 2), grid.uint(11, 2), 'a spectral truncation');
  const packing = { data, width: data.uint(11, 1), scaling, truncation };
  if ((data.uint(4, 1) & complexPacked) === 0) {
    unpackSpectralSimple({ ...packing, octet: 16 }, data.ibm32(12), destination);
    return;
  }
  const [j, k, m] = [16, 17, 18].map((octet) => data.uint(octet, 1));
  unpackSpectralComplex(
    {
      ...packing,
      octet: 19,
      subset: triangular(j, k, m, 'a subset of unpacked coefficients'),
      power: data.signed(14, 2) / 1000,
      unpackedOctets: 4,
      readUnpacked: (octet) => data.ibm32(octet),
      scalesLastUnpacked: true,
    },
    destination,
  );
}

/** Rows of the grid, of a field with a bitmap without the points that have no value. */
function codedInRows(rows: Uint32Array, bitmap: Bitmap | undefined): Uint32Array {
  if (bitmap === undefined) return rows;
  let point = 0;
  return rows.map((length) => {
    let coded = 0;
    for (const end = point + length; point < end; point++) {
      coded += (bitmap.bytes[point >>> 3] >>> (7 - (point & 7))) & 1;
    }
    return coded;
  });
}

function isBoustrophedonic(data: Section): boolean {
  const flags = data.uint(4, 1);
  if ((flags & spherical) !== 0 || (flags & complexPacked) === 0) return false;
  const more = data.uint(14, 1);
  return (more & boustrophedonic) !== 0 && (more & (generalExtended | secondaryBitmap)) !== 0;
}
