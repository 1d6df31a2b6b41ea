import { parseTimeUnits, timeRank } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';

/** The coordinates that tell what forecasts are for. */
export interface ForecastCoordinates {
  /** The start of the run. */
  run: FieldCoordinate;
  /** The valid time. */
  time: FieldCoordinate;
}

/** The dimensions of forecasts. */
export interface ForecastDimensions {
  /** That of times. */
  steps: string;
  /** That of runs, where there are several, each of which has its own times along the steps. */
  runs?: string;
}

/** Those of a field, as `publish --best` finds them. Throws EXPRESSION_INVALID for a field that lacks one. */
export function forecastCoordinates(field: Field): ForecastCoordinates {
  const times = field.coordinates
    .filter(({ axis, units, calendar }) => axis === 'T' || parseTimeUnits(units, calendar) !== undefined)
    .map((coordinate) => ({ coordinate, rank: timeRank(coordinate.name, coordinate.standardName) }));
  const run = times.find(({ rank, coordinate }) => rank === 2 && coordinate.dimensions.length <= 1);
  const [time] = times.filter(({ rank }) => rank < 2).sort((a, b) => a.rank - b.rank);
  if (run !== undefined && time !== undefined) return { run: run.coordinate, time: time.coordinate };
  const known = field.coordinates.map(({ name }) => name).join(', ') || 'none';
  throw invalid(
    `${named(field)} has the coordinates ${known}, by which "best" can't choose; expected a time and the start of the run, as time and forecast_reference_time; ` +
      "where the latter stands is said in publishing: --dimension 'forecast_reference_time=PATTERN'",
  );
}

/**
 * Along what steps and runs of a field lie; undefined for one step alone. Throws EXPRESSION_INVALID where all runs have the same times, of
 * which only values can tell what each run has.
 */
export function forecastDimensions(
  field: Field,
  { run, time }: ForecastCoordinates,
): ForecastDimensions | undefined {
  const along = time.dimensions.join(', ') || 'no dimension';
  const [runs] = run.dimensions;
  if (runs !== undefined && !time.dimensions.includes(runs)) {
    throw invalid(
      `"${time.name}" of ${named(field)} lies along ${along}, and "${run.name}" along ${runs}, so that all runs have the same times; ` +
        `last(x, ${runs}) takes the last that is not missing`,
    );
  }
  const [steps, ...others] = time.dimensions.filter((dimension) => dimension !== runs);
  if (others.length > 0)
    throw invalid(
      `"${time.name}" of ${named(field)} lies along ${along}; expected one dimension, or that of "${run.name}" and one more`,
    );
  if (steps === undefined) return runs === undefined ? undefined : { steps: runs };
  return { steps, runs };
}

/** A field, for messages. */
export function named({ name }: Field): string {
  return name === '' ? 'an operand of "best"' : `"${name}"`;
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
