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
  /** Facts that a parameter has beside its number. */
  qualifiers: Record<string, number>;
}

type Part = (cursor: ByteCursor, content: TemplateContent) => void;

const process: Part = (cursor, { facts }) => {
  facts.process = cursor.uint8();
  cursor.skip(2);
};

const forecast: Part = (cursor, content) => {
  cursor.skip(3);
  content.forecast = { unit: cursor.uint8(), count: signMagnitude(cursor, 4) };
};

const surfaces: Part = (cursor, content) => {
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

const interval: Part = (cursor, content) => {
  const read = readInterval(cursor);
  content.interval = read;
  const [outer] = read.ranges;
  if (outer === undefined) return;
  content.facts.statistic = outer.process;
  if (outer.unit === 1) content.facts.hours = outer.length;
};

// Code table 4.6: negatively perturbed.
const negative = 2;

const member: Part = (cursor, content) => {
  const type = cursor.uint8();
  const number = cursor.uint8();
  const total = cursor.uint8();
  if (number + total > 0 && number !== 255) content.places.push(realization(number, type === negative));
};

const derived: Part = (cursor, content) => {
  content.ensemble = derivedOf(cursor.uint8());
  cursor.skip(1);
};

/** Clusters of members by their area; the part ends where the numbers of their members begin. */
const cluster =
  (areaOctets: number): Part =>
  (cursor, content) => {
    content.places.push(numbered('cluster', 'identifier of the cluster', cursor.uint8()));
    cursor.skip(4 + areaOctets + 11);
  };

/** Limits of a probability (code table 4.9) are places; its kind is part of what the parameter is. */
const probability: Part = (cursor, content) => {
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

const percentile: Part = (cursor, content) => {
  content.ensemble = { group: 'percentile' };
  content.places.push(numbered('percentile', 'percentile of the distribution', cursor.uint8()));
};

const quantile: Part = (cursor, content) => {
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

const chemical = qualifier({ constituent: 2 }, 'isChemical');
const source = qualifier({ source: 1 }, 'isSource');
const aerosol = qualifier({ aerosol: 2, sizes: 1, size1: 0, size2: 0 }, 'isAerosol');
const aerosolSource = [
  qualifier({ aerosol: 2, source: 1 }, 'isAerosol'),
  qualifier({ sizes: 1, size1: 0, size2: 0 }),
];
const optical = qualifier({ wavelengths: 1, wavelength1: 0, wavelength2: 0 }, 'isOptical');
const wavePeriods = qualifier({ wavePeriods: 1, wavePeriod1: 0, wavePeriod2: 0 });
const postProcessing = qualifier({ inputProcess: 2, inputCentre: 2, postProcessing: 1 });

/** Values over the neighbourhood of each point: how they were made one, and by which of code table 4.15's methods. */
const spatial: Part = (cursor, content) => {
  const statistic = statisticOf(cursor.uint8());
  const method = cursor.uint8();
  if (statistic === undefined) return;
  content.area = { ...statistic, group: `area_${statistic.group}${method === 0 ? '' : `_${method}`}` };
};

/** The version of the model of a reforecast: when it was. All reforecasts of a set have different reference times already. */
const reforecast: Part = (cursor) => void readDateTime(cursor);

const waves: Part = (cursor, content) => {
  content.places.push(numbered('directionNumber', 'number of the wave direction', cursor.uint16()));
  cursor.skip(2);
  content.places.push(numbered('frequencyNumber', 'number of the wave frequency', cursor.uint16()));
  cursor.skip(2);
};

const point = [process, forecast, surfaces];

/** Parts of the templates, in the order of their octets from the 12th on (code table 4.0). */
const templates: Record<number, readonly Part[]> = {
  0: point,
  1: [...point, member],
  2: [...point, derived],
  3: [...point, derived, cluster(16)],
  4: [...point, derived, cluster(12)],
  5: [...point, probability],
  6: [...point, percentile],
  7: point,
  8: [...point, interval],
  9: [...point, probability, interval],
  10: [...point, percentile, interval],
  11: [...point, member, interval],
  12: [...point, derived, interval],
  13: [...point, derived, cluster(16), interval],
  14: [...point, derived, cluster(12), interval],
  15: [...point, spatial],
  40: [chemical, ...point],
  41: [chemical, ...point, member],
  42: [chemical, ...point, interval],
  43: [chemical, ...point, member, interval],
  45: [aerosol, ...point, member],
  46: [aerosol, ...point, interval],
  47: [aerosol, ...point, member, interval],
  48: [aerosol, optical, ...point],
  49: [aerosol, optical, ...point, member],
  50: [aerosol, ...point],
  60: [...point, member, reforecast],
  61: [...point, member, reforecast, interval],
  70: [postProcessing, ...point],
  71: [postProcessing, ...point, member],
  72: [postProcessing, ...point, interval],
  73: [postProcessing, ...point, member, interval],
  76: [chemical, source, ...point],
  77: [chemical, source, ...point, member],
  78: [chemical, source, ...point, interval],
  79: [chemical, source, ...point, member, interval],
  80: [...aerosolSource, optical, ...point],
  81: [...aerosolSource, optical, ...point, member],
  82: [...aerosolSource, ...point, interval],
  83: [...aerosolSource, ...point, member, interval],
  84: [...aerosolSource, ...point, member, interval],
  85: [aerosol, ...point, member, interval],
  86: [...point, quantile],
  87: [...point, quantile, interval],
  89: [postProcessing, ...point, quantile],
  90: [postProcessing, ...point, quantile, interval],
  99: [waves, process, forecast],
  100: [waves, process, forecast, member],
  103: [wavePeriods, ...point],
  104: [wavePeriods, ...point, member],
  108: [optical, ...point],
  109: [optical, ...point, member],
  110: [optical, ...point, interval],
  111: [optical, ...point, member, interval],
};

/** Template 4.44 had a forecast time of two octets, by mistake: its length tells, of the section without vertical coordinates. */
const shortForecast: Part = (cursor, content) => {
  cursor.skip(3);
  content.forecast = { unit: cursor.uint8(), count: cursor.uint16() };
};

/**
 * Reads what follows category and number of the parameter; `octets` are those of the section up to its vertical
 * coordinates. Undefined for a template that is not read. Throws FORMAT_CORRUPT.
 */
export function readTemplate2(
  cursor: ByteCursor,
  template: number,
  octets: number,
): TemplateContent | undefined {
  const aerosols = [aerosol, process, octets === 45 ? shortForecast : forecast, surfaces];
  const parts = template === 44 ? aerosols : templates[template];
  if (parts === undefined) return undefined;
  const content: TemplateContent = {
    facts: {},
    forecast: undefined,
    surfaces: undefined,
    interval: undefined,
    ensemble: undefined,
    area: undefined,
    places: [],
    qualifiers: {},
  };
  for (const part of parts) part(cursor, content);
  return content;
}
