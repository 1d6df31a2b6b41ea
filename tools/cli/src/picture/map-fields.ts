import { allocateValues, elementCount, type MaskedArray, type NumericValues } from '@hyperslab/array';
import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';

/** What a map is drawn from: values of (rows, columns), and where they lie. */
export interface MapFields {
  values: MaskedArray;
  latitude: MaskedArray;
  longitude: MaskedArray;
}

/**
 * The latitudes and longitudes of an array of two dimensions, one for each row and column or one for each cell; values are
 * turned round where columns come first. Undefined for an array that does not lie on the globe.
 */
export function mapFields(array: ComputedArray): MapFields | undefined {
  const spanning = array.coordinates.filter(({ dimensions }) => dimensions.length > 0);
  const latitude = spanning.find((coordinate) =>
    isDirection(coordinate, 'latitude', /^degrees?_?(north|N)$/),
  );
  const longitude = spanning.find((coordinate) =>
    isDirection(coordinate, 'longitude', /^degrees?_?(east|E)$/),
  );
  if (latitude === undefined || longitude === undefined || array.shape.length !== 2) return undefined;
  const [rows, columns] = array.dimensions;
  const along = (coordinate: ComputedCoordinate, ...names: string[]) =>
    coordinate.dimensions.join('\n') === names.join('\n');
  if (along(latitude, rows) && along(longitude, columns)) return { values: array, latitude, longitude };
  if (along(latitude, columns) && along(longitude, rows)) {
    return { values: transpose(array), latitude, longitude };
  }
  const whole = along(latitude, rows, columns) && along(longitude, rows, columns);
  return whole ? { values: array, latitude, longitude } : undefined;
}

/** CF conventions, sections 4.1 and 4.2: by standard name, or by units that nothing else has. */
function isDirection({ standardName, units }: ComputedCoordinate, name: string, pattern: RegExp): boolean {
  return standardName === name || (standardName === '' && pattern.test(units));
}

function transpose(array: MaskedArray): MaskedArray {
  const [rows, columns] = array.shape;
  const turn = <T extends NumericValues>(from: T, to: T): T => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) to[column * rows + row] = from[row * columns + column];
    }
    return to;
  };
  const length = elementCount(array.shape);
  return {
    dtype: array.dtype,
    shape: [columns, rows],
    values: turn(array.values as NumericValues, allocateValues(array.dtype, length)),
    mask: array.mask && turn(array.mask, new Uint8Array(length)),
  };
}
