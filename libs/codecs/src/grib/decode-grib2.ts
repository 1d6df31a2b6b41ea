import { spread } from './bitmap.ts';
import { unpackCcsds } from './ccsds-packing.ts';
import { unpackComplex } from './complex-packing.ts';
import { fillConstant } from './constant-field.ts';
import { type Destination, type FieldValues, fillField, type WantedField } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { findField, type Grib2Field, readBitmap } from './grib2-field.ts';
import { unpackIeee } from './ieee-packing.ts';
import { unpackJpeg2000 } from './jpeg2000-packing.ts';
import { unpackPng } from './png-packing.ts';
import { unpackRunLength } from './run-length-packing.ts';
import { scalingOf } from './scaling.ts';
import type { Section } from './section.ts';
import { unpackSimple } from './simple-packing.ts';
import { triangular, unpackSpectralComplex, unpackSpectralSimple } from './spectral-packing.ts';

const dataOctet = 6;

/** Values of a field of a GRIB 2 message in the order of the file, NaN where missing. */
export function decodeGrib2(message: Uint8Array, fieldNumber: number, wanted: WantedField): FieldValues {
  const field = findField(message, fieldNumber);
  const { points } = wanted;
  const bitmap = field.bitmapSection && readBitmap(field.bitmapSection, points);
  const coded = bitmap?.present ?? points;
  const stated = field.representation.uint(6, 4);
  // With a bitmap some writers state all points instead of those that have values.
  if (stated !== coded && !(bitmap !== undefined && stated === points)) {
    throw gribCorrupt(`${coded} values in section 7`, `${stated} as section 5 states`);
  }
  const values = fillField(wanted, coded, (destination) => unpack(field, destination));
  if (bitmap !== undefined) spread(values, bitmap);
  return values;
}

/** Packings by template of section 5 (code table 5.0). */
function unpack({ grid, representation, data }: Grib2Field, destination: Destination): void {
  const template = representation.uint(10, 2);
  switch (template) {
    case 0:
      unpackPlain(representation, data, destination);
      return;
    case 61:
      unpackLogarithms(representation, data, destination);
      return;
    case 2:
    case 3:
      unpackComplex(representation, data, template === 3, destination);
      return;
    case 4:
      unpackIeee(data, dataOctet, representation.uint(12, 1), destination);
      return;
    case 40:
    case 40000:
      if (representation.uint(20, 1) === 0) fillConstant(representation.ieee32(12), destination);
      else unpackJpeg2000(data, scalingOf(representation), destination);
      return;
    case 41:
    case 40010:
      if (representation.uint(20, 1) === 0) fillConstant(representation.ieee32(12), destination);
      else unpackPng(data, scalingOf(representation), destination);
      return;
    case 42:
      if (representation.uint(20, 1) === 0) fillConstant(representation.ieee32(12), destination);
      else unpackCcsds(representation, data, destination);
      return;
    case 50:
      unpackSpectralSimple(
        { ...packedIntegers(representation, data), truncation: truncationOf(grid) },
        representation.ieee32(21),
        destination,
      );
      return;
    case 51:
      unpackSpectral51(grid, representation, data, destination);
      return;
    case 200:
      unpackRunLength(representation, data, destination);
      return;
    default:
      throw gribUnsupported(`data representation template 5.${template}`);
  }
}

function packedIntegers(representation: Section, data: Section) {
  return { data, octet: dataOctet, width: representation.uint(20, 1), scaling: scalingOf(representation) };
}

function unpackPlain(representation: Section, data: Section, destination: Destination): void {
  if (representation.uint(20, 1) === 0) fillConstant(representation.ieee32(12), destination);
  else unpackSimple(packedIntegers(representation, data), destination);
}

/**
 * Logarithmic pre-processing (template 5.61): the packed value is the logarithm of the value plus a parameter. Logarithms are
 * doubles until then: of one of -70, the rounding to float32 would be 70 times that of the value.
 */
function unpackLogarithms(representation: Section, data: Section, { coded, open }: Destination): void {
  let logarithms: Float64Array | undefined;
  const openLogarithms = (): Float64Array => {
    logarithms ??= new Float64Array(coded);
    return logarithms;
  };
  unpackPlain(representation, data, { coded, open: openLogarithms });
  const [added, values] = [representation.ieee32(21), open()];
  for (const [i, logarithm] of openLogarithms().entries()) values[i] = Math.exp(logarithm) - added;
}

/** Octets 15 to 26 of grid templates 3.50 to 3.53. */
function truncationOf(grid: Section): number {
  return triangular(grid.uint(15, 4), grid.uint(19, 4), grid.uint(23, 4), 'a spectral truncation');
}

function unpackSpectral51(
  grid: Section,
  representation: Section,
  data: Section,
  destination: Destination,
): void {
  const precision = representation.uint(35, 1);
  if (precision !== 1 && precision !== 2)
    throw gribUnsupported(`unpacked coefficients of precision ${precision}`);
  const [j, k, m] = [25, 27, 29].map((octet) => representation.uint(octet, 2));
  unpackSpectralComplex(
    {
      ...packedIntegers(representation, data),
      truncation: truncationOf(grid),
      subset: triangular(j, k, m, 'a subset of unpacked coefficients'),
      power: representation.signed(21, 4) / 1e6,
      unpackedOctets: 4 * precision,
      readUnpacked: (octet) => (precision === 1 ? data.ieee32(octet) : data.ieee64(octet)),
      scalesLastUnpacked: false,
    },
    destination,
  );
}
