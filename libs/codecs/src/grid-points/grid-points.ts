import type { Codec, CodecConfiguration } from '../codec.ts';
import { codecCorrupt, codecUnsupported } from '../codec-error.ts';
import { parseGridPart } from './parse-grid-part.ts';
import { pointsOfPart } from './points-of-part.ts';

/**
 * Coordinates of the points of a grid that are not stored but follow from its definition: a chunk is a description of its points
 * (`GridPart`, as JSON), decoding makes it float64 degrees. `coordinate` is "latitude" or "longitude". Nothing is ever encoded: the
 * readers of formats write descriptions. Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED.
 */
export const gridPointsCodec: Codec = {
  name: 'grid_points',
  decode,
  // A row of one point, of 8 bytes, is a latitude and a count of up to 40; the rest of a description is short.
  encodedBound: (decodedLength) => 4096 + 5 * decodedLength,
};

function decode(bytes: Uint8Array, { coordinate }: CodecConfiguration, decodedLength: number): Uint8Array {
  if (coordinate !== 'latitude' && coordinate !== 'longitude') {
    const found = JSON.stringify(coordinate);
    throw codecUnsupported(
      'grid_points',
      `expected "coordinate" to be latitude or longitude, found ${found}`,
    );
  }
  const points = decodedLength / 8;
  if (!Number.isInteger(points)) throw codecCorrupt('grid_points', 'whole numbers', `${decodedLength} bytes`);
  const { latitudes, longitudes } = pointsOfPart(parseGridPart(bytes, points));
  const values = coordinate === 'latitude' ? latitudes : longitudes;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
