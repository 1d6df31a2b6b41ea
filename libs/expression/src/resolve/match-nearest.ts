import { HyperslabError, shortened } from '@hyperslab/errors';
import type { CoordinateAxis } from './coordinate-axis.ts';

/**
 * Index of the value that is nearest to the one that a text means; of two that are as near, that of the greater. Longitudes are
 * compared after whole turns; of 0 and 360, which are one place, it is the one that is nearer as it is. It may be `within` away, in the coordinate's units, or without that as far as the larger
 * step to a neighbour: a value between others is always found, one far beyond the ends is not taken for the last. Throws
 * EXPRESSION_INVALID when it is farther.
 */
export function matchNearest(axis: CoordinateAxis, text: string, within: number | undefined): number {
  const { name, numbers, period } = axis;
  if (numbers === undefined)
    throw invalid(axis, text, `${name} is a text, which has nothing near; select by one value: ${name}=`);
  const { value } = axis.read(text);
  // What turning a longitude may round.
  const rounding = period === undefined ? 0 : period * Math.max(2 ** -48, axis.rounding);
  let nearest = -1;
  let best: Distance = { turned: Number.POSITIVE_INFINITY, isAbove: false, plain: Number.POSITIVE_INFINITY };
  for (let i = 0; i < numbers.length; i++) {
    const difference = differenceOf(numbers[i], value, period);
    const distance = {
      turned: Math.abs(difference),
      isAbove: difference > 0,
      plain: Math.abs(numbers[i] - value),
    };
    if (isNearer(distance, best, rounding)) [nearest, best] = [i, distance];
  }
  if (nearest < 0) throw invalid(axis, text, `${name} has no values`);
  const least = best.turned;
  const most = within ?? largerStep(numbers, nearest);
  if (least <= most) return nearest;
  const allowed =
    within === undefined ? `${most}, the step there; write "within" and a distance to allow more` : most;
  throw invalid(
    axis,
    text,
    `${name}~${shortened(text)} is ${least} away from the nearest value, ${axis.write(numbers[nearest])}; expected at most ${allowed}`,
  );
}

interface Distance {
  /** After whole turns. */
  turned: number;
  isAbove: boolean;
  /** Without. */
  plain: number;
}

function isNearer(one: Distance, other: Distance, rounding: number): boolean {
  if (Number.isNaN(one.turned)) return false;
  if (!(Math.abs(one.turned - other.turned) <= rounding)) return one.turned < other.turned;
  return one.isAbove === other.isAbove ? one.plain < other.plain : one.isAbove;
}

/** How far a number is above a value, after the whole turns that bring them nearest. */
function differenceOf(number: number, value: number, period: number | undefined): number {
  const plain = number - value;
  if (period === undefined || Number.isNaN(plain)) return plain;
  const turned = plain - period * Math.floor(plain / period);
  return turned > period / 2 ? turned - period : turned;
}

/** Infinity for the only value. */
function largerStep(numbers: Float64Array, index: number): number {
  const steps = [index - 1, index + 1]
    .map((beside) => Math.abs(numbers[beside] - numbers[index]))
    .filter((step) => step > 0);
  return steps.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...steps);
}

function invalid(axis: CoordinateAxis, text: string, message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message, { coordinate: axis.name, value: shortened(text) });
}
