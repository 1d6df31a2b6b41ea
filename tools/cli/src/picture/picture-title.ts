import type { ComputedArray } from '@hyperslab/client';
import { isoTimes } from '../output/iso-times.ts';
import { valueReader } from '../output/json-values.ts';

/** What a picture shows and where it was taken: the array's name and its coordinates of one value. */
export function pictureTitle(array: ComputedArray): string {
  const places = array.coordinates
    .filter(({ dimensions, values }) => dimensions.length === 0 && values.length === 1)
    .map((coordinate) => {
      const value = isoTimes(coordinate)?.[0] ?? valueReader(coordinate)(0);
      const units = isoTimes(coordinate) === undefined && coordinate.units !== '1' ? coordinate.units : '';
      return `${coordinate.name} ${value}${units === '' ? '' : ` ${units}`}`;
    });
  return [array.name, ...places].join(', ');
}
