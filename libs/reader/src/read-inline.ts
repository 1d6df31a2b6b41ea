import {
  copyRegion,
  type DataType,
  decodeArray,
  elementCount,
  isFixedWidth,
  type MaskedArray,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { missingStoredValues } from './fill-values.ts';
import type { ReadRequest } from './read-request.ts';
import { overlapOf } from './result-array.ts';

/** A hyperslab of values that the dataset itself holds. They are unpacked and masked there. */
export function readInline(request: ReadRequest): MaskedArray {
  const { variable, ranges, stored } = request;
  if (variable.data?.$case !== 'inlineValues') throw new TypeError(`"${variable.name}" has no inline values`);
  const whole = decodeArray(variable.data.value);
  const selected = select(whole, ranges);
  return stored ? asStored(selected, request) : selected;
}

function select(whole: MaskedArray, ranges: ReadRequest['ranges']): MaskedArray {
  const shape = ranges.map(({ count }) => count);
  const overlap = overlapOf(
    ranges,
    shape.map(() => 0),
    whole.shape,
  );
  const from = {
    arrayShape: whole.shape,
    origin: overlap?.start ?? [],
    step: ranges.map(({ step }) => step),
  };
  const to = { arrayShape: shape, origin: shape.map(() => 0) };
  const cut = <T extends { length: number }>(source: T, target: T): T => {
    if (overlap !== undefined) copyRegion(source, from, target, to, shape);
    return target;
  };
  const count = elementCount(shape);
  const { dtype, values, mask } = whole;
  return {
    dtype,
    shape,
    values: Array.isArray(values)
      ? cut(values, new Array<string>(count).fill(''))
      : cut(values, emptyLike(values, count)),
    mask: mask && cut(mask, new Uint8Array(count)),
  };
}

function emptyLike<T extends { constructor: unknown }>(values: T, count: number): T {
  return new (values.constructor as new (count: number) => T)(count);
}

/** Physical values are the stored ones where nothing is scaled; what is missing gets the number that means so. */
function asStored(selected: MaskedArray, { variable }: ReadRequest): MaskedArray {
  const { packing, storedDtype, name } = variable;
  const scaled = packing?.scaleFactor !== undefined || packing?.addOffset !== undefined;
  if (scaled || (isFixedWidth(storedDtype) && storedDtype !== selected.dtype)) {
    throw new HyperslabError(
      'STORED_ALIKE_NEEDED',
      `"${name}": its values are kept unpacked; read computed values instead of stored ones`,
      { variable: name },
    );
  }
  const { mask, values, shape } = selected;
  if (mask === undefined || Array.isArray(values)) return { ...selected, mask: undefined };
  const [fill] = missingStoredValues(selected.dtype, 1, packing, name);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) values[i] = fill;
  return { dtype: selected.dtype as DataType, shape, values };
}
