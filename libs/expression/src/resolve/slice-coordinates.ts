import { type CoordinateData, type ReadVariable, sliceData } from './coordinate-data.ts';
import type { FieldCoordinate } from './field.ts';
import type { DimensionSlice } from './slice-node.ts';

/** Coordinates of a part of a field; those that lack the dimension stay as they are. */
export async function sliceCoordinates(
  coordinates: readonly FieldCoordinate[],
  { dimension, range, drop }: DimensionSlice,
  read: ReadVariable | undefined,
): Promise<FieldCoordinate[]> {
  const slice = (data: CoordinateData) => sliceData(data, dimension, [range], drop, read);
  return Promise.all(
    coordinates.map(async (coordinate): Promise<FieldCoordinate> => {
      if (!coordinate.dimensions.includes(dimension)) return coordinate;
      const { bounds } = coordinate;
      return {
        ...coordinate,
        dimensions: drop ? coordinate.dimensions.filter((name) => name !== dimension) : coordinate.dimensions,
        isDimension: coordinate.isDimension && !drop,
        values: await slice(coordinate.values),
        bounds: bounds?.dimensions.includes(dimension) ? await slice(bounds) : bounds,
      };
    }),
  );
}
