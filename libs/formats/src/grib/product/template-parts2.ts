import type { ByteCursor } from '../../byte-cursor.ts';
import { scaledValue, signMagnitude } from '../grib-numbers.ts';
import type { Surface } from './level2.ts';
import { numbered, type Place, realization } from './product.ts';
import { derivedOf, type Statistic, statisticOf } from './statistic.ts';
import { type ForecastTime, type Interval, readDateTime, readInterval } from './time2.ts';

/** What a product definition template says, as its parts are met. */
export interface TemplateContent {
  facts: Record<string, number | undefined>;
  forecast: ForecastTime | undefined;
  surfaces: [Surface, Surface] | undefined;
  interval: Interval | undefined;
  ensemble: Statistic | undefined;
  /** What was made of neighbouring points. */
  area: Statistic | undefined;
  places: Place[];
  /** What puts fields apart that are alike otherwise, as parts of a group's name. */
  apart: string[];
  /** What is said of these, as attributes. */
  attributes: Record<string, number | string>;
  /** Facts that a parameter has beside its number. */
  qualifiers: Record<string, number>;
}

/** Reads some octets of a template. */
export type Part = (cursor: ByteCursor, content: TemplateContent) => void;

export const process: Part = (cursor, { facts, attributes }) => {
  facts.process = cursor.uint8();
  // Analyses, initialisations and forecasts, which a run begins with and goes on with, need no saying (code table 4.3).
  if (facts.process > 2 && facts.process !== 255) attributes.GRIB_typeOfGeneratingProcess = facts.process;
  cursor.skip(2);
};

export const forecast: Part = (cursor, content) => {
  cursor.skip(3);
  content.forecast = { unit: cursor.uint8(), count: signMagnitude(cursor, 4) };
};

export const surfaces: Part = (cursor, content) => {
  const surface = (): Surface => ({ type: cursor.uint8(), value: scaledValue(cursor) });
  const [first, second] = [surface(), surface()];
  content.surfaces = [first, second];
  Object.assign(content.facts, {
    surface1: first.type,
    value1: first.value,
    surface2: second.type,
    value2: second.value,
  });
};

export const interval: Part = (cursor, content) => {
  const read = readInterval(cursor);
  content.interval = read;
  const [outer] = read.ranges;
  if (outer === undefined) return;
  content.facts.statistic = outer.process;
  if (outer.unit === 1) content.facts.hours = outer.length;
};

/** Code table 4.6: negatively perturbed. */
export const negative = 2;

export const member: Part = (cursor, content) => {
  const type = cursor.uint8();
  const number = cursor.uint8();
  const total = cursor.uint8();
  if (number + total > 0 && number !== 255) content.places.push(realization(number, type === negative));
};

export const derived: Part = (cursor, content) => {
  content.ensemble = derivedOf(cursor.uint8());
  cursor.skip(1);
};

/** Clusters of members by their area; the part ends where the numbers of their members begin. */
export const cluster =
  (areaOctets: number): Part =>
  (cursor, content) => {
    content.places.push(numbered('cluster', 'identifier of the cluster', cursor.uint8()));
    cursor.skip(4 + areaOctets + 11);
  };

/** Limits of a probability (code table 4.9) are places; its kind is part of what the parameter is. */
export const probability: Part = (cursor, content) => {
  cursor.skip(2);
  const type = cursor.uint8();
  const [lower, upper] = [scaledValue(cursor), scaledValue(cursor)];
  Object.assign(content.facts, { probability: type, lower });
  content.ensemble = { group: `probability_${probabilityNames[type] ?? type}` };
  const attributes = { long_name: 'limit of the event whose probability it is' };
  const usesLower = type === 0 || type === 2 || type === 3 || type > 5;
  const usesUpper = type === 1 || type === 2 || type === 4 || type > 5;
  if (usesLower && lower !== undefined) {
    content.places.push({ name: 'lower_limit', dtype: 'float64', value: lower, attributes });
  }
  if (usesUpper && upper !== undefined) {
    content.places.push({ name: 'upper_limit', dtype: 'float64', value: upper, attributes });
  }
};

const probabilityNames: Record<number, string> = {
  0: 'below_lower',
  1: 'above_upper',
  2: 'between',
  3: 'above_lower',
  4: 'below_upper',
};

export const percentile: Part = (cursor, content) => {
  content.ensemble = { group: 'percentile' };
  content.places.push(numbered('percentile', 'percentile of the distribution', cursor.uint8()));
};

export const quantile: Part = (cursor, content) => {
  const total = cursor.uint16();
  content.ensemble = { group: `quantile_of_${total}` };
  content.places.push(numbered('quantile', 'number of the quantile', cursor.uint16()));
};

/** A part of numbers that tell one parameter from another: width in octets, or 0 for a scale factor and a value. */
const qualifier =
  (names: Record<string, number>, isFlag?: string): Part =>
  (cursor, { facts, qualifiers }) => {
    for (const [name, width] of Object.entries(names)) {
      const value = width === 0 ? scaledValue(cursor) : cursor.uint(width);
      facts[name] = value;
      if (value !== undefined) qualifiers[name] = value;
    }
    if (isFlag !== undefined) facts[isFlag] = 1;
  };

export const chemical = qualifier({ constituent: 2 }, 'isChemical');
export const source = qualifier({ source: 1 }, 'isSource');
export const aerosol = qualifier({ aerosol: 2, sizes: 1, size1: 0, size2: 0 }, 'isAerosol');
export const aerosolSource = [
  qualifier({ aerosol: 2, source: 1 }, 'isAerosol'),
  qualifier({ sizes: 1, size1: 0, size2: 0 }),
];
export const optical = qualifier({ wavelengths: 1, wavelength1: 0, wavelength2: 0 }, 'isOptical');
export const wavePeriods = qualifier({ wavePeriods: 1, wavePeriod1: 0, wavePeriod2: 0 });
export const postProcessing = qualifier({ inputProcess: 2, inputCentre: 2, postProcessing: 1 });

/** Values over the neighbourhood of each point: how they were made one, and by which of code table 4.15's methods. */
export const spatial: Part = (cursor, content) => {
  const statistic = statisticOf(cursor.uint8());
  const method = cursor.uint8();
  if (statistic === undefined) return;
  content.area = { ...statistic, group: `area_${statistic.group}${method === 0 ? '' : `_${method}`}` };
};

/** The version of the model of a reforecast: when it was. All reforecasts of a set have different reference times already. */
export const reforecast: Part = (cursor) => void readDateTime(cursor);

export const waves: Part = (cursor, content) => {
  content.places.push(numbered('directionNumber', 'number of the wave direction', cursor.uint16()));
  cursor.skip(2);
  content.places.push(numbered('frequencyNumber', 'number of the wave frequency', cursor.uint16()));
  cursor.skip(2);
};
