import { findParameter, type ParameterTable, readTable } from './parameters/parameter-table.ts';
import type { Product } from './product/product.ts';

/** What a field's variable is. */
export interface Parameter {
  name: string;
  longName: string;
  units: string;
  standardName: string;
}

let tables: { 1: ParameterTable; 2: ParameterTable; noaa: ParameterTable } | undefined;

/**
 * The parameter of a product, by the tables of its centre, of WMO, of ECMWF and of NOAA; one that is in none is called by its
 * numbers. What the message adds to the parameter and the table's row does not tell of is added to the name: a
 * constituent, a size, a wavelength.
 */
export function parameterOf(product: Product, edition: 1 | 2): Parameter {
  tables ??= { 1: readTable('grib1.tsv'), 2: readTable('grib2.tsv'), noaa: readTable('noaa2.tsv') };
  const entry =
    findParameter(tables[edition], product.keys, product.facts) ??
    findParameter(tables[1], ecmwfKeys(product.keys), {}) ??
    (edition === 2 ? findParameter(tables.noaa, product.keys, {}) : undefined);
  const known = entry?.depends ?? new Set();
  const added = Object.entries(product.qualifiers).filter(
    ([name]) => !known.has(name) && !isImplied(name, known),
  );
  const suffix = added
    .map(([name, value]) => `_${name}_${String(value).replace(/[^\dA-Za-z]/g, '_')}`)
    .join('');
  const { name, longName, units, standardName } = entry ?? {
    name: product.fallback,
    longName: `parameter that is in no table: ${product.fallback.slice('param_'.length).replaceAll('_', ', ')}`,
    units: '',
    standardName: '',
  };
  return { name: name + suffix, longName, units, standardName };
}

/** ECMWF's local discipline repeats its tables of edition 1: (192, table, number) is number of table. */
function ecmwfKeys(keys: readonly (readonly string[])[]): string[][] {
  const own = keys.flat().find((key) => key.startsWith('98.192.'));
  return own === undefined ? [] : [[own.replace('98.192.', '98.')]];
}

/** The kind of an interval needs no saying beside its ends. */
function isImplied(name: string, known: ReadonlySet<string>): boolean {
  const kinds: Record<string, string> = {
    sizes: 'size',
    wavelengths: 'wavelength',
    wavePeriods: 'wavePeriod',
  };
  const end = kinds[name];
  return end !== undefined && (known.has(`${end}1`) || known.has(`${end}2`));
}
