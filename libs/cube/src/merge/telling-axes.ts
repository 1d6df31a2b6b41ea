import type { AxisCandidate } from './arrangement.ts';
import type { Candidates } from './axis-candidates.ts';

/**
 * The dimensions, and of the other axes those that are needed to tell all pieces apart; two pieces that nothing tells
 * apart, where there are such. The longest are left out first, which leaves a grid of few holes: runs by steps, not runs
 * by times; and of equally long ones the less likely dimension.
 */
export function tellingAxes(
  { dimensions, times, scalars }: Candidates,
  count: number,
): AxisCandidate[] | { pieces: [number, number] } {
  const free = times.filter(({ dimension }) => dimensions.every((other) => other.dimension !== dimension));
  // Of several times along one dimension, the likeliest.
  const along = free.filter(
    (time, i) => free.findIndex(({ dimension }) => dimension === time.dimension) === i,
  );
  let axes = [...dimensions, ...along, ...scalars];
  const twice = inOnePlace(axes, count);
  if (twice !== undefined) return { pieces: twice };
  for (const axis of scalars.toReversed().sort((a, b) => b.column.cardinality - a.column.cardinality)) {
    const rest = axes.filter((other) => other !== axis);
    if (inOnePlace(rest, count) === undefined) axes = rest;
  }
  return axes;
}

/** Two pieces that no axis tells apart. */
function inOnePlace(axes: readonly AxisCandidate[], count: number): [number, number] | undefined {
  const seen = new Map<string, number>();
  for (let piece = 0; piece < count; piece++) {
    const place = axes.map(({ column }) => column.codes[piece]).join();
    const before = seen.get(place);
    if (before !== undefined) return [before, piece];
    seen.set(place, piece);
  }
  return undefined;
}
