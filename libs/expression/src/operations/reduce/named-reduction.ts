import type { Field } from '../../resolve/field.ts';
import type { FieldReduction } from '../../resolve/reduce-field.ts';
import {
  unitsOfAnyPower,
  unitsOfDifferences,
  unitsOfMultiples,
  unitsToPower,
} from '../../resolve/units-of-call.ts';

interface NamedReduction extends Pick<FieldReduction, 'keepsReading' | 'keepsNames'> {
  /** Its CF cell method (appendix E); absent for what is no method of the quantity, as a count. */
  method?: string;
  /** Units of the result by those of the field; theirs when absent. */
  units?: (units: string) => string;
}

/** Reductions that need nothing but an array and dimensions, which groups and windows are reduced by, too. */
const named: Readonly<Record<string, NamedReduction>> = {
  mean: { method: 'mean', keepsReading: true },
  sum: { method: 'sum', units: unitsOfMultiples },
  prod: { units: unitsOfAnyPower },
  min: { method: 'minimum', keepsReading: true },
  max: { method: 'maximum', keepsReading: true },
  std: { method: 'standard_deviation', units: unitsOfDifferences },
  var: { method: 'variance', units: (units) => unitsToPower(unitsOfDifferences(units), 2) },
  median: { method: 'median', keepsReading: true },
  first: { keepsNames: true, keepsReading: true },
  last: { keepsNames: true, keepsReading: true },
  count: { units: () => '1' },
  any: { units: () => '1' },
  all: { units: () => '1' },
};

/** Their names. */
export const reductionsByName: readonly string[] = Object.keys(named);

/** How a field is reduced by name; undefined for the name of another operation. */
export function namedReduction(operation: string, field: Field): FieldReduction | undefined {
  if (!Object.hasOwn(named, operation)) return undefined;
  const { units = (own: string) => own, ...traits } = named[operation];
  return { operation, ...traits, units: units(field.units) };
}
