import { elementCount, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { hearCancel } from '../hear-cancel.ts';
import { remembered, specialise } from '../specialise.ts';
import { openRegion } from '../wasm/region.ts';

/**
 * Each element less the one before it along a dimension, taken n times: each time that gets one shorter. Integers wrap. Missing
 * where one of the n + 1 elements is.
 */
export function differences(
  array: MaskedArray,
  axis: number,
  n: number,
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  const { dtype, mask } = array;
  const length = array.shape[axis];
  const shape = array.shape.with(axis, length - n);
  const count = elementCount(shape);
  const columns = { length, inner: elementCount(shape.slice(axis + 1)), n };
  const values = memory.array(dtype, count);
  if (count > 0) takeAll('subtract', dtype, array.values as NumberArray, values as NumberArray, columns);
  if (mask === undefined) return { dtype, shape, values };
  const missing = memory.array('uint8', count) as Uint8Array;
  if (count > 0) takeAll('either', 'uint8', mask, missing, columns);
  return { dtype, shape, values, mask: missing };
}

interface Columns {
  /** Elements of each. */
  length: number;
  /** How many lie side by side. */
  inner: number;
  n: number;
}

/** Those of each row of columns; all but the last ones are in one place. */
function takeAll(
  name: keyof typeof loops,
  dtype: string,
  from: NumberArray,
  to: NumberArray,
  { length, inner, n }: Columns,
): void {
  const take = loop(`${name} ${dtype}`);
  using scratch = openRegion();
  const between = scratch.array(dtype, n === 1 ? 0 : (length - 1) * inner) as NumberArray;
  const [step, left] = [length * inner, (length - n) * inner];
  for (let at = 0, place = 0; at < from.length; at += step, place += left)
    for (let times = 1; times <= n; times++) {
      hearCancel();
      const [x, begin] = times === 1 ? [from, at] : [between, 0];
      const [result, first] = times === n ? [to, place] : [between, 0];
      take(x, begin, result, first, (length - times) * inner, inner);
    }
}

/** From the first on: where both arrays are one, each element is read before it is written. */
type Loop = (
  from: NumberArray,
  at: number,
  to: NumberArray,
  place: number,
  count: number,
  stride: number,
) => void;

const loops = { subtract, either };
const loop = remembered((key) => specialise(loops[key.split(' ')[0] as keyof typeof loops]) as Loop);

function subtract(
  from: NumberArray,
  at: number,
  to: NumberArray,
  place: number,
  count: number,
  stride: number,
): void {
  for (let i = 0; i < count; i++) to[place + i] = from[at + i + stride] - from[at + i];
}

function either(
  from: NumberArray,
  at: number,
  to: NumberArray,
  place: number,
  count: number,
  stride: number,
): void {
  for (let i = 0; i < count; i++) to[place + i] = from[at + i + stride] | from[at + i];
}
