import type { Attribute } from '@hyperslab/proto/array';
import { textAttribute } from './attributes.ts';
import { parseTimeUnits } from './time-units.ts';
import { isDegreesEast, isDegreesNorth, isPressure } from './units.ts';

export type Axis = 'T' | 'Z' | 'Y' | 'X' | '';

const axisOfStandardName: Record<string, Axis> = {
  time: 'T',
  forecast_reference_time: 'T',
  latitude: 'Y',
  grid_latitude: 'Y',
  projection_y_coordinate: 'Y',
  longitude: 'X',
  grid_longitude: 'X',
  projection_x_coordinate: 'X',
  air_pressure: 'Z',
  height: 'Z',
  altitude: 'Z',
  depth: 'Z',
  model_level_number: 'Z',
};

/**
 * Which way a coordinate points (CF conventions, chapter 4): the axis attribute, standard name, `positive`, or units
 * that nothing else has. Empty when none of them tells.
 */
export function axisOf(attributes: readonly Attribute[]): Axis {
  const stated = textAttribute(attributes, 'axis')?.trim().toUpperCase();
  if (stated === 'T' || stated === 'Z' || stated === 'Y' || stated === 'X') return stated;
  const standardName = textAttribute(attributes, 'standard_name') ?? '';
  if (axisOfStandardName[standardName] !== undefined) return axisOfStandardName[standardName];
  if (/^(atmosphere|ocean)_.*_coordinate$/.test(standardName)) return 'Z';
  const units = textAttribute(attributes, 'units') ?? '';
  if (isDegreesNorth(units)) return 'Y';
  if (isDegreesEast(units)) return 'X';
  if (parseTimeUnits(units, textAttribute(attributes, 'calendar')) !== undefined) return 'T';
  if (/^(up|down)$/i.test(textAttribute(attributes, 'positive') ?? '') || isPressure(units)) return 'Z';
  return '';
}
