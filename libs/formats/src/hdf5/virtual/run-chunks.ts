import { mostChunkBytes } from '../contiguous-chunks.ts';
import type { PlacedMapping } from './place-mappings.ts';

/**
 * Extents of chunks that are runs of bytes in sources without chunks, and that no source begins or ends within; why there
 * are none, as text. As in a dataset of its own, they are whole in the last dimensions, and as long in one as the limit and
 * the ends of sources allow.
 */
export function runChunkShape(
  mappings: readonly PlacedMapping[],
  shape: readonly number[],
  width: number,
): number[] | string {
  const chunkShape = shape.map(() => 1);
  let bytes = width;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const fitting = Math.max(1, Math.floor(mostChunkBytes / bytes));
    const isWhole = mappings.every((mapping) => takesAll(mapping, axis, shape[axis]));
    if (isWhole && shape[axis] <= fitting) {
      chunkShape[axis] = shape[axis];
      bytes *= shape[axis];
      continue;
    }
    chunkShape[axis] = largestDivisor(
      commonStep(mappings, axis, shape[axis]),
      Math.min(fitting, shape[axis]),
    );
    break;
  }
  return mappings.every((mapping) => isOneRun(mapping, chunkShape))
    ? chunkShape
    : 'it takes parts of its sources that are no runs of bytes';
}

/** Whether a mapping takes all of a dimension, as it is in the source. */
function takesAll({ axes, source }: PlacedMapping, axis: number, extent: number): boolean {
  const { segments, sourceAxis } = axes[axis];
  const sourceExtent = sourceAxis === undefined ? 1 : source.variable.shape[sourceAxis];
  return segments.length === 1 && segments[0].length === extent && sourceExtent === extent;
}

/** The largest number of which all places where a source begins or ends are multiples, the end of the dimension apart; 0 without any. */
function commonStep(mappings: readonly PlacedMapping[], axis: number, extent: number): number {
  let step = 0;
  for (const { axes } of mappings) {
    for (const { virtual, length } of axes[axis].segments) {
      step = greatestCommonDivisor(step, virtual);
      if (virtual + length < extent) step = greatestCommonDivisor(step, length);
    }
  }
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** The largest divisor up to a limit; of 0, the limit. */
function largestDivisor(number: number, limit: number): number {
  for (let divisor = limit; divisor > 1; divisor--) if (number % divisor === 0) return divisor;
  return 1;
}

/** Whether the elements of a chunk follow one another in the source. */
function isOneRun({ axes, source }: PlacedMapping, chunkShape: readonly number[]): boolean {
  const { shape } = source.variable;
  const taken = shape.map(() => 1);
  axes.forEach(({ sourceAxis }, i) => {
    if (sourceAxis !== undefined) taken[sourceAxis] = chunkShape[i];
  });
  const first = taken.findIndex((extent) => extent > 1);
  return first < 0 || taken.every((extent, axis) => axis <= first || extent === shape[axis]);
}
