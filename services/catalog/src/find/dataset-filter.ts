import { HyperslabError } from '@hyperslab/errors';
import type { BoundingBox, ListDatasetsRequest } from '@hyperslab/proto/catalog';
import { type LongitudeRange, longitudeRanges } from './longitudes.ts';
import { folded } from './search-document.ts';
import { requestedTimeKey } from './time-key.ts';

/** A question to the catalog, checked. All that is set must hold; time, area and parameter for one cube. */
export interface DatasetFilter {
  words: string[];
  prefix: string;
  parameter?: string;
  timeStart?: string;
  timeEnd?: string;
  area?: { south: number; north: number; longitudes: LongitudeRange[] };
}

const mostWords = 20;

/**
 * Checks a question.
 * @throws HyperslabError INVALID_ARGUMENT
 */
export function datasetFilter(request: ListDatasetsRequest): DatasetFilter {
  const words = folded(request.query)
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length > mostWords || request.query.length > 1000)
    throw invalid('query', `expected at most ${mostWords} words and 1000 characters`);
  const filter: DatasetFilter = { words, prefix: request.prefix };
  if (request.parameter) filter.parameter = folded(request.parameter);
  if (request.timeStart) filter.timeStart = requestedTimeKey(request.timeStart, 'time_start', false);
  if (request.timeEnd) filter.timeEnd = requestedTimeKey(request.timeEnd, 'time_end', true);
  if (filter.timeStart && filter.timeEnd && filter.timeStart > filter.timeEnd)
    throw invalid('time_end', 'expected a time after time_start');
  if (request.area) filter.area = checkedArea(request.area);
  return filter;
}

function checkedArea({ west, south, east, north }: BoundingBox): DatasetFilter['area'] {
  if (!(south >= -90 && south <= north && north <= 90))
    throw invalid('area', `latitudes ${south} to ${north}: expected -90 ≤ south ≤ north ≤ 90`);
  if (!(Math.abs(west) <= 540 && Math.abs(east) <= 540))
    throw invalid(
      'area',
      `longitudes ${west} to ${east}: expected degrees east, from -180 to 180 or 0 to 360`,
    );
  return { south, north, longitudes: longitudeRanges(west, east) };
}

function invalid(field: string, message: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `${field}: ${message}`, { field });
}
