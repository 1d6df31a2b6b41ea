import type { Destination } from './field-values.ts';
import { gribUnsupported } from './grib-error.ts';

/**
 * A field of GRIB 2 whose packed integers have no bits: all its values are the reference value, as it is. Those who write such
 * fields leave the decimal scale of the last field in place and do not scale with it (decision 0030).
 */
export function fillConstant(reference: number, destination: Destination): void {
  destination.open().fill(reference);
}

/** The same in GRIB 1, whose writers disagree: refused where the decimal scale would make a difference. */
export function fillConstant1(reference: number, decimalScale: number, destination: Destination): void {
  if (decimalScale !== 0 && reference !== 0) {
    throw gribUnsupported(
      `a constant field with reference value ${reference} and decimal scale ${decimalScale}, which some writers mean to be scaled and others not,`,
    );
  }
  destination.open().fill(reference);
}
