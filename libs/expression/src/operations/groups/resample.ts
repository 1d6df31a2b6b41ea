import { encodeMoment } from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { FieldCoordinate } from '../../resolve/field.ts';
import type { Infer } from '../operation.ts';
import { parseFrequency, type Stretches, stretchesFrom } from './frequency.ts';
import { coordinatesOfGroups, madeData } from './group-coordinates.ts';
import { type Groups, groupField } from './group-field.ts';
import { onlyByName } from './only-by-name.ts';
import { reductionGiven } from './reduction-given.ts';
import { type Times, timesNamed } from './time-moments.ts';

/** More stretches than these are a mistake in a time or a frequency; their times travel in the plan. */
const mostStretches = 1_000_000;

/** Stretches of time, reduced; those without a time have nothing but missing values. */
export const inferResample: Infer = async (context, given) => {
  const field = given.field('x');
  const reduction = await reductionGiven(context, given, field);
  const [name, text] = onlyByName(given, 'time="1D"');
  const frequency = parseFrequency(text);
  if (frequency === undefined)
    throw invalid(
      `resample: "${shortened(text)}" is no stretch of time; expected one as 6h, 1D, 1M, QS-DEC or YS`,
    );
  const times = await timesNamed(context, field, name, 'resample');
  const first = times.moments.at(0);
  if (first === undefined)
    throw invalid(`resample: "${name}" has no first time; select those that are there`);
  const stretches = stretchesFrom(first, frequency, times.units.calendar);
  const groups = groupsOf(times, stretches, name);
  const others = field.coordinates.filter((each) => each !== times.coordinate);
  const coordinates = [
    ...(await coordinatesOfGroups(context, others, groups)),
    stretchCoordinate(times, stretches, groups.count),
  ];
  return groupField(context, field, [groups], reduction, coordinates);
};

function groupsOf({ dimension, moments }: Times, stretches: Stretches, name: string): Groups {
  let last = 0;
  const members = Int32Array.from(moments, (moment, index) => {
    const number = moment === undefined ? -1 : stretches.numberOf(moment);
    if (number < last)
      throw invalid(`resample: "${name}" does not ascend at index ${index}; select times in order`);
    last = number;
    if (number < mostStretches) return number;
    throw new HyperslabError(
      'TOO_LARGE',
      `resample: "${name}" has more than ${mostStretches} stretches of that length; take longer ones`,
    );
  });
  return { dimension, count: last + 1, members };
}

/** A time is where its stretch begins, and its bounds are all of the stretch. */
function stretchCoordinate(
  { dimension, coordinate, units }: Times,
  stretches: Stretches,
  count: number,
): FieldCoordinate {
  const starts = Float64Array.from({ length: count + 1 }, (_, number) =>
    encodeMoment(stretches.startOf(number), units),
  );
  const bounds = Float64Array.from({ length: 2 * count }, (_, i) => starts[Math.ceil(i / 2)]);
  return {
    ...coordinate,
    values: madeData([dimension], starts.slice(0, count)),
    bounds: madeData([dimension, 'bnds'], bounds),
  };
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
