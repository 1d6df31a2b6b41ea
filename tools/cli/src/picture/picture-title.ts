import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { isoTimes, valueReader } from '@hyperslab/results';

/** Where a forecast was made from: of no use beside the time that it is for. */
const ofForecast = new Set(['forecast_reference_time', 'forecast_period']);
/** More digits of a float32 coordinate are those of its rounding. */
const usualDigits = 7;

/**
 * What a picture shows and where it was taken: the standard or long name of a variable, else the expression, and its
 * coordinates of one value.
 * @param isVariable whether the array is a variable or a part of one
 */
export function pictureTitle(array: ComputedArray, isVariable: boolean): string {
  const places = array.coordinates.filter(
    ({ dimensions, values }) => dimensions.length === 0 && values.length === 1,
  );
  const hasTime = array.coordinates.some(({ standardName }) => standardName === 'time');
  const shown = places.filter(({ standardName }) => !(hasTime && ofForecast.has(standardName)));
  return [isVariable ? nameForPeople(array) : array.name, ...shown.map(placeText)].join(', ');
}

function nameForPeople({ name, attributes }: ComputedArray): string {
  const text = (wanted: string) => attributes.find((each) => each.name === wanted)?.strings[0]?.trim();
  return text('standard_name')?.replaceAll('_', ' ') || text('long_name') || name;
}

function placeText(coordinate: ComputedCoordinate): string {
  const time = isoTimes(coordinate)?.[0];
  if (time) return `${coordinate.name} ${time}`;
  const value = valueReader(coordinate)(0);
  const units = coordinate.units === '1' ? '' : coordinate.units;
  const shown = typeof value === 'number' ? Number(value.toPrecision(usualDigits)) : value;
  return `${coordinate.name} ${shown ?? 'missing'}${units === '' ? '' : ` ${units}`}`;
}
