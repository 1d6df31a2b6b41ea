import type { AxisCandidate } from './arrangement.ts';
import type { Candidates } from './axis-candidates.ts';
import { cellsOf, fillsGrid, occurrences } from './column.ts';

/**
 * The ways in which pieces can fill a grid without a hole, the best first: by their dimension coordinates and as few
 * scalar coordinates as tell them apart; by time coordinates beside these; by scalar coordinates alone where times overlap,
 * as those of several forecasts do; in the order of the arguments.
 */
export function* possibleAxes(candidates: Candidates, count: number): Generator<AxisCandidate[]> {
  const byCoordinate = withScalars(candidates.dimensions, candidates.scalars, count);
  if (byCoordinate !== undefined) yield byCoordinate;
  for (const time of candidates.times) {
    const others = candidates.dimensions.filter(({ dimension }) => dimension !== time.dimension);
    const byTime = withScalars([...others, time], candidates.scalars, count);
    if (byTime !== undefined) yield byTime;
  }
  const { uncoordinated, dimensions, timeless, scalars } = candidates;
  if (timeless.length < dimensions.length && scalars.length > 0) {
    const byRun = withScalars(timeless, scalars, count);
    if (byRun !== undefined) yield byRun;
  }
  if (uncoordinated === undefined) return;
  const column = occurrences(
    dimensions.map((candidate) => candidate.column),
    count,
  );
  const inOrder = [...dimensions, { dimension: uncoordinated, link: -1, column }];
  if (
    fillsGrid(
      inOrder.map((candidate) => candidate.column),
      count,
    )
  )
    yield inOrder;
}

/** The given axes with the fewest scalar coordinates that make a full grid of `count` cells; undefined when none does. */
function withScalars(
  axes: AxisCandidate[],
  scalars: readonly AxisCandidate[],
  count: number,
): AxisCandidate[] | undefined {
  const cells = cellsOf(axes.map((axis) => axis.column));
  if (count % cells !== 0) return undefined;
  for (let size = 0; size <= scalars.length; size++) {
    for (const chosen of subsetsWithProduct(scalars, size, count / cells)) {
      const all = [...axes, ...chosen];
      if (
        fillsGrid(
          all.map((axis) => axis.column),
          count,
        )
      )
        return all;
    }
  }
  return undefined;
}

/** Subsets of a size whose cardinalities multiply to `product`: few, as each must divide what the others leave. */
function* subsetsWithProduct(
  scalars: readonly AxisCandidate[],
  size: number,
  product: number,
): Generator<AxisCandidate[]> {
  if (size === 0) {
    if (product === 1) yield [];
    return;
  }
  for (let i = 0; i + size <= scalars.length; i++) {
    const { cardinality } = scalars[i].column;
    if (product % cardinality !== 0) continue;
    for (const rest of subsetsWithProduct(scalars.slice(i + 1), size - 1, product / cardinality)) {
      yield [scalars[i], ...rest];
    }
  }
}
