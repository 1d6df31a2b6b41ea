import { placeOnGlobe, placeOnGrid, type RotatedPole } from '@hyperslab/cube';
import type { Cells } from '@hyperslab/kernels';
import type { Box } from '../../task/box.ts';
import { type AxisParameters, axisOf } from '../interpolate/axis-parameters.ts';
import type { AxesGrid } from './parameters.ts';

/** A run of indices along a dimension. */
export interface Span {
  start: number;
  count: number;
}

/** Latitudes and longitudes of a grid that something lies between; longitudes are all when there are none. */
interface Reach {
  latitudes: readonly [number, number];
  longitudes?: readonly [number, number];
}

/**
 * The rows and columns of a source that cells of a box may touch, and some more. What lies in a box of one globe has its least and
 * largest latitudes and longitudes of another on the edge of the box, but for poles in it.
 */
export function spansOfBox(source: AxesGrid, target: AxesGrid, box: Box): [Span, Span] {
  return spansOf(source, reachOfBox(source, target, box));
}

/** The rows of a source that cells may touch, and all its columns. */
export function spansOfCells(source: AxesGrid, { latitudes, corners }: Cells): [Span, Span] {
  if (source.pole !== undefined) return spansOf(source, { latitudes: [-90, 90] });
  let [low, high, margin] = [90, -90, 0];
  for (let i = 0; i < latitudes.length; i++) {
    const latitude = latitudes[i];
    if (Number.isNaN(latitude)) continue;
    low = Math.min(low, latitude);
    high = Math.max(high, latitude);
    if (i % corners > 0) margin = Math.max(margin, Math.abs(latitude - latitudes[i - 1]) || 0);
  }
  return spansOf(source, { latitudes: [low - 2 * margin, high + 2 * margin] });
}

function reachOfBox(source: AxesGrid, target: AxesGrid, { origin, shape }: Box): Reach {
  const [norths, easts] = [target.latitude, target.longitude].map((axis, i) =>
    endsOf(axis, origin[i], shape[i]),
  );
  const ring = [
    ...easts.map((east) => [norths[0], east]),
    ...norths.map((north) => [north, easts[easts.length - 1]]),
    ...easts.toReversed().map((east) => [norths[norths.length - 1], east]),
    ...norths.toReversed().map((north) => [north, easts[0]]),
  ];
  const margin = 2 * Math.max(widest(norths), widest(easts));
  const places = ring.map(([north, east]) => between(target.pole, source.pole, north, east));
  const latitudes = places.map(({ latitude }) => latitude);
  const hasPole = (latitude: number) => {
    const pole = between(source.pole, target.pole, latitude, 0);
    return isWithin(pole.latitude, norths, margin) && isAround(pole, easts, margin);
  };
  const [south, north] = [hasPole(-90), hasPole(90)];
  const [low, high] = [south ? -90 : least(latitudes) - margin, north ? 90 : largest(latitudes) + margin];
  if (south || north || low <= -89 || high >= 89) return { latitudes: [low, high] };
  // Along the edge longitudes go on without a jump.
  let longitude = places[0].longitude;
  const longitudes = places.map((place) => {
    const step = place.longitude - longitude;
    longitude += step - 360 * Math.round(step / 360);
    return longitude;
  });
  const wider = margin / Math.cos((Math.max(Math.abs(low), Math.abs(high)) * Math.PI) / 180);
  return { latitudes: [low, high], longitudes: [least(longitudes) - wider, largest(longitudes) + wider] };
}

/** Ends of cells along an axis, those that two cells share once. */
function endsOf(axis: AxisParameters, origin: number, count: number): number[] {
  const bounds = axisOf(axis).bounds.subarray(2 * origin, 2 * (origin + count));
  return [...new Set(bounds)].sort((a, b) => a - b);
}

function widest(ends: readonly number[]): number {
  return largest(ends.slice(1).map((end, i) => end - ends[i]));
}

/** A place of one globe in another, both of which may have a pole of their own. */
function between(
  from: RotatedPole | undefined,
  to: RotatedPole | undefined,
  latitude: number,
  longitude: number,
) {
  const place = from === undefined ? { latitude, longitude } : placeOnGlobe(from, latitude, longitude);
  return to === undefined ? place : placeOnGrid(to, place.latitude, place.longitude);
}

function isWithin(value: number, ends: readonly number[], margin: number): boolean {
  return value >= ends[0] - margin && value <= ends[ends.length - 1] + margin;
}

function isAround(
  { latitude, longitude }: { latitude: number; longitude: number },
  ends: readonly number[],
  margin: number,
): boolean {
  if (Math.abs(latitude) > 89) return true;
  const wider = margin / Math.cos((latitude * Math.PI) / 180);
  const turns = Math.ceil((ends[0] - wider - longitude) / 360);
  return longitude + 360 * turns <= ends[ends.length - 1] + wider;
}

function spansOf(source: AxesGrid, { latitudes, longitudes }: Reach): [Span, Span] {
  return [spanBetween(source.latitude, latitudes), spanBetween(source.longitude, longitudes)];
}

/** From the first cell that reaches between two values to the last, with a neighbour on each side. */
function spanBetween(parameters: AxisParameters, ends: readonly [number, number] | undefined): Span {
  const { bounds, points, period } = axisOf(parameters);
  if (ends === undefined) return { start: 0, count: points.length };
  let [first, last] = [points.length, -1];
  for (let i = 0; i < points.length; i++) {
    const [low, high] = [
      Math.min(bounds[2 * i], bounds[2 * i + 1]),
      Math.max(bounds[2 * i], bounds[2 * i + 1]),
    ];
    const moved = period === undefined ? 0 : period * Math.ceil((ends[0] - high) / period);
    if (high + moved < ends[0] || low + moved > ends[1]) continue;
    first = Math.min(first, i);
    last = i;
  }
  if (last < 0) return { start: 0, count: 1 };
  const start = Math.max(0, first - 1);
  return { start, count: Math.min(points.length, last + 2) - start };
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
