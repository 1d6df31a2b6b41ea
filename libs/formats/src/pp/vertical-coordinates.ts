import { sectionAxes } from './axis-codes.ts';
import { type PpHeader, stashOf } from './header.ts';
import { impliedHeights } from './implied-heights.ts';
import { type CoordinateTexts, countCoordinate, type ScalarCoordinate } from './scalar-coordinate.ts';

/** At which level a field is. */
export interface Level {
  /** A word for the kind of level, as it stands in names. */
  kind: string;
  coordinates: ScalarCoordinate[];
}

/** LBLEV of what lies at the surface, which is level 0. */
const surfaceLevel = 9999;

const kinds: Readonly<Record<number, string>> = {
  0: 'no_level',
  1: 'height',
  2: 'depth',
  3: 'geopotential_height',
  4: 'icao_height',
  5: 'boundary_layer',
  6: 'soil',
  7: 'exner_pressure',
  8: 'pressure',
  9: 'hybrid_pressure',
  10: 'sigma',
  16: 'temperature',
  19: 'potential_temperature',
  65: 'hybrid_height',
  128: 'mean_sea_level',
  129: 'surface',
  133: 'top_of_atmosphere',
};

/** Kinds that are one level, of which nothing more is to be told. */
const single = new Set([0, 128, 129, 133]);

/**
 * At which level a field is, as Iris derives it from LBVC, LBLEV and the level words (UM documentation paper F3, "LBVC").
 * Level numbers and the heights, pressures and fractions of hybrid levels come together. A kind of level that neither knows
 * gets its number and value as `level_number` and `level`.
 */
export function levelOf(header: PpHeader, dtype: 'float32' | 'float64'): Level {
  const { lbvc, blev, brlev, brsvd1, lblev } = header;
  const real = (
    name: string,
    value: number,
    attributes: CoordinateTexts,
    bounds?: [number, number],
  ): ScalarCoordinate => ({ name, dtype, attributes, value, bounds });
  const number = (name: string, attributes: CoordinateTexts) =>
    countCoordinate(name, lblev === surfaceLevel ? 0 : lblev, attributes);
  const modelLevel = (positive: string) =>
    number('model_level_number', { standard_name: 'model_level_number', units: '1', positive });
  const depth = (bounds?: [number, number]) =>
    real('depth', blev, { standard_name: 'depth', units: 'm', positive: 'down' }, bounds);
  const kind = kinds[lbvc] ?? `level_type_${lbvc}`;
  const axes = sectionAxes(header);
  const height = (value: number) =>
    real('height', value, { standard_name: 'height', units: 'm', positive: 'up' });
  const implied = impliedHeights[stashOf(header) ?? ''];
  const of = (...coordinates: ScalarCoordinate[]): Level => ({ kind, coordinates });

  if (implied !== undefined) return { kind: 'height', coordinates: [height(implied)] };
  if (lbvc === 8) {
    if (axes !== undefined && (axes.x === 1 || axes.y === 1)) return of();
    const attributes = {
      standard_name: 'air_pressure',
      long_name: 'pressure',
      units: 'hPa',
      positive: 'down',
    };
    return of(real('pressure', blev, attributes));
  }
  if (lbvc === 1) return blev === -1 ? of() : of(height(blev));
  if (lbvc === 9) return of(modelLevel('up'), ...hybridPressure(header, real));
  if (lbvc === 65) return of(modelLevel('up'), ...hybridHeight(header, real));
  if (single.has(lbvc) || axes !== undefined) return of();
  if (lbvc === 2) return of(modelLevel('down'), depth(brsvd1 === brlev ? undefined : [brsvd1, brlev]));
  if (lbvc === 6) {
    const isNumbered = brsvd1 === brlev;
    const attributes = { long_name: 'soil_model_level_number', units: '1', positive: 'down' };
    return isNumbered ? of(number('soil_model_level_number', attributes)) : of(depth([brsvd1, brlev]));
  }
  if (lbvc === 19) {
    const attributes = { standard_name: 'air_potential_temperature', units: 'K', positive: 'up' };
    return of(real('potential_temperature', blev, attributes));
  }
  return of(
    number('level_number', { long_name: `number of the level of type ${lbvc}` }),
    real('level', blev, { long_name: `level of type ${lbvc}` }),
  );
}

type MakeReal = (
  name: string,
  value: number,
  attributes: CoordinateTexts,
  bounds?: [number, number],
) => ScalarCoordinate;

/** Pressure is `level_pressure` + `sigma` × surface pressure. */
function hybridPressure(header: PpHeader, real: MakeReal): ScalarCoordinate[] {
  const { bhlev, bhrlev, blev, brlev, brsvd1, brsvd2 } = header;
  const formula = {
    standard_name: 'atmosphere_hybrid_sigma_pressure_coordinate',
    long_name: 'level_pressure',
    units: 'Pa',
    positive: 'down',
    formula_terms: 'ap: level_pressure b: sigma ps: surface_air_pressure',
  };
  return [
    real('level_pressure', bhlev, formula, [bhrlev, brsvd2]),
    real('sigma', blev, { long_name: 'sigma', units: '1' }, [brlev, brsvd1]),
  ];
}

/** Altitude is `level_height` + `sigma` × orography. */
function hybridHeight(header: PpHeader, real: MakeReal): ScalarCoordinate[] {
  const { bhlev, bhrlev, blev, brlev, brsvd1, brsvd2 } = header;
  const formula = {
    standard_name: 'atmosphere_hybrid_height_coordinate',
    long_name: 'level_height',
    units: 'm',
    positive: 'up',
    formula_terms: 'a: level_height b: sigma orog: surface_altitude',
  };
  return [
    real('level_height', blev, formula, [brlev, brsvd1]),
    real('sigma', bhlev, { long_name: 'sigma', units: '1' }, [bhrlev, brsvd2]),
  ];
}
