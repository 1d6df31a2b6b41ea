import { HyperslabError, shortened } from '@hyperslab/errors';
import type { IndexSpan, Selector } from '@hyperslab/proto/expression';
import { type Choice, listedIndices, oneIndex, oneRun } from './choice.ts';
import type { CoordinateAxis } from './coordinate-axis.ts';
import { matchRange, matchValue } from './match-coordinate.ts';
import { matchNearest } from './match-nearest.ts';
import { matchTimeComponent } from './match-time-component.ts';

/** Comparisons of a list with a coordinate: the scheduler does them before it plans. */
const mostComparisons = 2 ** 26;
/** Indices of a selection that is no range. */
const mostIndices = 2 ** 22;

/** A dimension that is selected from: how long it is, and its coordinate and a condition along it when asked for. */
export interface Selected {
  length: number;
  axis: () => Promise<CoordinateAxis>;
  /** Where the condition of that node holds: 1, else 0. */
  condition: (node: number) => Promise<Uint8Array>;
}

/** The indices that a selection means. Throws EXPRESSION_INVALID when there are none, with what there is. */
export async function chooseIndices(selected: Selected, selector: Selector): Promise<Choice> {
  const { length } = selected;
  const { name, component } = selector;
  const by = selector.by!;
  switch (by.$case) {
    case 'index':
      return oneIndex(indexWithin(name, by.value, length));
    case 'indices':
      return spanIndices(name, by.value, length);
    case 'indexList':
      return listedIndices(by.value.indices.map((index) => indexWithin(name, index, length)));
    case 'mask':
      return heldIndices(name, await selected.condition(by.value));
  }
  const axis = await selected.axis();
  if (component !== undefined) {
    const indices = matchTimeComponent(axis, component, by);
    assertListable(name, indices.length);
    return listedIndices(indices);
  }
  switch (by.$case) {
    case 'value':
      return oneIndex(matchValue(axis, by.value));
    case 'values':
      return { ranges: matchRange(axis, by.value), drop: false };
    case 'valueList':
      assertComparable(name, by.value.values, length);
      return listedIndices(by.value.values.map((value) => matchValue(axis, value)));
    case 'nearest': {
      const { values, within, keepsDimension } = by.value;
      assertComparable(name, values, length);
      const indices = values.map((value) => matchNearest(axis, value, within));
      return keepsDimension ? listedIndices(indices) : oneIndex(indices[0]);
    }
  }
}

function indexWithin(name: string, index: number, length: number): number {
  const counted = index < 0 ? length + index : index;
  if (counted >= 0 && counted < length) return counted;
  throw invalid(
    length === 0
      ? `${name}=#${index} is not there; "${shortened(name)}" has no indices`
      : `${name}=#${index} is past the end; indices go from 0 to ${length - 1}, or from -1 back to -${length}`,
  );
}

/** As Python slices: ends count from the end when negative and are cut at what there is. */
function spanIndices(name: string, span: IndexSpan, length: number): Choice {
  const { step = 1 } = span;
  if (step === 0) throw invalid(`${name} has the step 0; expected at least 1, or -1 for backwards`);
  const fromEnd = (index: number) => (index < 0 ? index + length : index);
  const clipped = (index: number, least: number, most: number) =>
    Math.min(Math.max(fromEnd(index), least), most);
  const [start, end] =
    step > 0
      ? [clipped(span.start ?? 0, 0, length), clipped(span.end ?? length, 0, length)]
      : [
          clipped(span.start ?? length - 1, -1, length - 1),
          span.end === undefined ? -1 : clipped(span.end, -1, length - 1),
        ];
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (count === 0) {
    throw invalid(
      `${name}=#${span.start ?? ''}:#${span.end ?? ''} holds no index; it has ${length}, and the end is excluded`,
    );
  }
  if (step > 0) return oneRun({ start, count, step });
  assertListable(name, count);
  return listedIndices(Array.from({ length: count }, (_, i) => start + i * step));
}

/** Indices that are no range are written down one by one. */
function assertListable(name: string, count: number): void {
  if (count <= mostIndices) return;
  throw new HyperslabError(
    'TOO_LARGE',
    `selection of "${shortened(name)}" takes ${count} indices, of which at most ${mostIndices} can be in another order than they are; select fewer`,
  );
}

function heldIndices(name: string, held: Uint8Array): Choice {
  const indices = [...held.keys()].filter((index) => held[index] !== 0);
  assertListable(name, indices.length);
  if (indices.length > 0) return listedIndices(indices);
  throw invalid(`${name}=mask(…) holds nowhere along its ${held.length} indices; give another condition`);
}

function assertComparable(name: string, values: readonly string[], length: number): void {
  if (values.length * length <= mostComparisons) return;
  throw new HyperslabError(
    'TOO_LARGE',
    `${values.length} values of "${shortened(name)}", which has ${length}, are more than can be looked up; select by ranges, or fewer at once`,
  );
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
