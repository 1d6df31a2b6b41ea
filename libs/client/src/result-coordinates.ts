import { decodeArray, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { withWholeTexts } from '@hyperslab/expression';
import type { CoordinateValues, ResultCoordinate } from '@hyperslab/proto/expression';
import type { Connection } from './connection.ts';
import { readStored } from './read-stored.ts';

/** A coordinate of a result with its values. */
export interface ComputedCoordinate extends MaskedArray {
  name: string;
  /** Dimensions of the result that it spans. */
  dimensions: string[];
  units: string;
  /** Calendar of a time coordinate, else empty. */
  calendar: string;
  standardName: string;
  axis: string;
  /** What people call it. */
  longName?: string;
  /** Of a vertical coordinate: "up" or "down". */
  positive?: string;
  /** Cell bounds: one dimension more. */
  bounds?: MaskedArray;
}

/** The coordinates of a result, the large ones read from the workers. */
export async function readCoordinates(
  connection: Connection,
  coordinates: readonly ResultCoordinate[],
  signal?: AbortSignal,
): Promise<ComputedCoordinate[]> {
  return Promise.all(
    coordinates.map(async ({ values, bounds, ...rest }) => {
      const [array, boundsArray] = await Promise.all([
        readValues(connection, values, signal),
        bounds && readValues(connection, bounds, signal),
      ]);
      return { ...rest, ...withWholeTexts(array, rest.dimensions.length), bounds: boundsArray };
    }),
  );
}

async function readValues(
  connection: Connection,
  values: CoordinateValues | undefined,
  signal?: AbortSignal,
): Promise<MaskedArray> {
  const where = values?.where;
  if (where === undefined) throw new HyperslabError('INTERNAL', 'a coordinate came without its values');
  if (where.$case === 'inlineValues') return decodeArray(where.value);
  return readStored(connection, where.value, signal);
}
