import { gaussianLatitudes, nearestParallel } from './gaussian-latitudes.ts';
import type { Span } from './grid.ts';

/** Parallels of a Gaussian grid between a pole and the equator whose latitudes are computed. Models have up to 2560. */
export const mostParallels = 4096;

// What rounding to thousandths at both ends may make of a distance.
const rounding = 0.0011;

/** `count` equally spaced coordinates of a span, degrees; undefined when what the message states contradicts itself. */
function spanValues(span: Span, count: number): Float64Array | undefined {
  const { first, last, step, ascending } = span;
  const sign = ascending ? 1 : -1;
  if (count === 1) return Float64Array.of(first);
  const distance = last === undefined ? undefined : sign * (last - first);
  if (runsBack(distance, step, count)) return undefined;
  if (distance !== undefined && distance > 0) {
    // A stated distance is rounded; the ends tell it better, unless they tell something else.
    if (step === undefined || isStep(distance, step, count)) {
      return Float64Array.from({ length: count }, (_, i) =>
        interpolate(first, sign * distance, i, count - 1),
      );
    }
  }
  if (step === undefined || step === 0) return undefined;
  return Float64Array.from({ length: count }, (_, i) => first + sign * i * step);
}

/** Whether the way between the ends, cut into steps, is what is stated of one. */
function isStep(distance: number, step: number, count: number): boolean {
  return Math.abs(distance / (count - 1) - step) <= Math.max(rounding, step / 100);
}

/** Whether the ends are as far apart as the step says, but against the scanning mode: nothing tells which of the two is wrong. */
function runsBack(distance: number | undefined, step: number | undefined, count: number): boolean {
  return distance !== undefined && distance < 0 && step !== undefined && isStep(-distance, step, count);
}

/** The same for longitudes, which go round: a span that crosses a meridian of 360 degrees is moved to begin below 0. */
export function longitudeValues(span: Span, count: number): Float64Array | undefined {
  const { first } = span;
  const sign = span.ascending ? 1 : -1;
  const circle = 360 / count;
  const distance = span.last === undefined ? undefined : aroundFrom(sign * (span.last - first));
  // The way round the other side is one against the scanning mode, unless it is as long.
  const isAgainst = distance !== undefined && runsBack(distance - 360, span.step, count);
  if (isAgainst && !isStep(distance, span.step!, count)) return undefined;
  const isCircle =
    count > 1 &&
    ((distance !== undefined && Math.abs(distance - circle * (count - 1)) <= rounding) ||
      (span.step !== undefined && Math.abs(span.step - circle) <= rounding / count));
  const values = isCircle
    ? Float64Array.from({ length: count }, (_, i) => first + sign * interpolate(0, 360, i, count))
    : spanValues({ ...span, last: distance === undefined ? undefined : first + sign * distance }, count);
  if (values === undefined) return undefined;
  const largest = Math.max(values[0], values[values.length - 1]);
  const smallest = Math.min(values[0], values[values.length - 1]);
  return largest >= 360 && smallest >= 180 ? values.map((value) => value - 360) : values;
}

/** A way round in degrees: more than 0, at most 360. */
function aroundFrom(distance: number): number {
  const turned = distance % 360;
  return turned <= 0 ? turned + 360 : turned;
}

/** first + distance × i / count: one division, so that decimals stay what they are. */
function interpolate(first: number, distance: number, i: number, count: number): number {
  return first + (distance * i) / count;
}

/** Latitudes of `count` parallels, those of a Gaussian grid exactly; undefined when they are not where the grid has parallels. */
export function latitudeValues(
  span: Span,
  count: number,
  gaussian: number | undefined,
): Float64Array | undefined {
  if (gaussian === undefined) {
    const values = spanValues(span, count);
    return values?.every((value) => Math.abs(value) <= 90 + rounding) ? values : undefined;
  }
  if (gaussian < 1 || gaussian > mostParallels || count > 2 * gaussian) return undefined;
  const { index, offset } = nearestParallel(gaussian, span.first);
  const first = span.ascending ? index - count + 1 : index;
  if (offset > 0.3 || first < 0 || first + count > 2 * gaussian) return undefined;
  const southward = gaussianLatitudes(gaussian, first, count);
  return span.ascending ? southward.reverse() : southward;
}
