import type { Destination } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { type Scaling, unpackScaled } from './scaling.ts';
import type { Section } from './section.ts';
import { assertWidth } from './unpack-bits.ts';

/** A triangular truncation: coefficients of zonal wave numbers m from 0 to it and total wave numbers n from m to it. */
type Truncation = number;

/** How many numbers a truncation has: real and imaginary part of each coefficient. */
function numbersOf(truncation: Truncation): number {
  return (truncation + 1) * (truncation + 2);
}

/** The pentagonal parameters J, K and M when they are one triangular truncation. Throws FORMAT_UNSUPPORTED. */
export function triangular(j: number, k: number, m: number, what: string): Truncation {
  if (j !== k || j !== m) throw gribUnsupported(`${what} ${j}, ${k}, ${m}, which is not triangular,`);
  return j;
}

/** Refuses a truncation that does not make the points of the field. */
function assertTruncation(truncation: Truncation, coded: number): void {
  const numbers = numbersOf(truncation);
  if (numbers !== coded) {
    throw gribCorrupt(`${numbers} numbers of the truncation ${truncation}`, `a field of ${coded}`);
  }
}

/** Spectral coefficients whose packed numbers begin at an octet. */
interface SpectralPacking {
  data: Section;
  octet: number;
  width: number;
  scaling: Scaling;
  truncation: Truncation;
}

/** Simple packing of spectral coefficients (template 7.50): the first number, the mean, stands apart unpacked. */
export function unpackSpectralSimple(packing: SpectralPacking, mean: number, destination: Destination): void {
  const { data, octet, width, scaling, truncation } = packing;
  assertTruncation(truncation, destination.coded);
  assertWidth(width, 'packed coefficients');
  data.requireBits(octet, width * (destination.coded - 1), 'packed coefficients');
  const values = destination.open();
  values[0] = mean;
  unpackScaled(data.view, 8 * (octet - 1), width, scaling, values.subarray(1));
}

/** What complex packing adds: the lowest wave numbers unpacked, in front; the others divided by a power of n(n + 1). */
interface SpectralComplex extends SpectralPacking {
  subset: Truncation;
  /** P of the Laplacian scaling: packed numbers are to be divided by (n(n + 1))^P. */
  power: number;
  /** Octets of an unpacked number, and how it is read. */
  unpackedOctets: number;
  readUnpacked(octet: number): number;
  /** The last coefficient of each unpacked row was scaled, as ECMWF's GRIB 1 has it. */
  scalesLastUnpacked: boolean;
}

/** Complex packing of spectral coefficients (template 7.51, regulation 92.6.4 of GRIB 1). */
export function unpackSpectralComplex(packing: SpectralComplex, destination: Destination): void {
  const { data, octet, width, scaling, truncation, subset, unpackedOctets } = packing;
  assertTruncation(truncation, destination.coded);
  if (subset >= truncation)
    throw gribUnsupported(`a spectral field of truncation ${truncation} that is not packed`);
  assertWidth(width, 'packed coefficients');
  const unpackedBytes = unpackedOctets * numbersOf(subset);
  const packedOctet = octet + unpackedBytes;
  const packedCount = numbersOf(truncation) - numbersOf(subset);
  data.requireBits(octet, 8 * unpackedBytes, 'unpacked coefficients');
  data.requireBits(packedOctet, width * packedCount, 'packed coefficients');
  const packed = new Float64Array(packedCount);
  unpackScaled(data.view, 8 * (packedOctet - 1), width, scaling, packed);
  const values = destination.open();
  const scales = laplacianScales(truncation, packing.power);
  let to = 0;
  let fromPacked = 0;
  let fromUnpacked = octet;
  for (let m = 0; m <= truncation; m++) {
    for (let n = m; n <= truncation; n++) {
      const isUnpacked = n <= subset;
      for (let part = 0; part < 2; part++) {
        if (isUnpacked) {
          const number = packing.readUnpacked(fromUnpacked);
          values[to++] = packing.scalesLastUnpacked && n === subset ? number * scales[n] : number;
          fromUnpacked += unpackedOctets;
        } else {
          const number = packed[fromPacked++] * scales[n];
          // Imaginary parts of zonal coefficients are zero; being packed they would not be quite.
          values[to++] = m === 0 && part === 1 ? 0 : number;
        }
      }
    }
  }
}

/** 1 / (n(n + 1))^P of each n; that of n = 0, which is never packed, is 0. */
function laplacianScales(truncation: Truncation, power: number): Float64Array {
  const scales = new Float64Array(truncation + 1);
  for (let n = 1; n <= truncation; n++) scales[n] = 1 / (n * (n + 1)) ** power;
  return scales;
}
