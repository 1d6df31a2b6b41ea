import {
  allocateValues,
  copyRegion,
  elementCount,
  type IndexRange,
  type MaskedArray,
} from '@hyperslab/array';

/** A hyperslab of values that are at hand; masked numbers replaced. */
export function selectInline(
  array: MaskedArray,
  ranges: readonly IndexRange[],
  missing: number | bigint,
): MaskedArray['values'] {
  const shape = ranges.map(({ count }) => count);
  const from = {
    arrayShape: array.shape,
    origin: ranges.map(({ start }) => start),
    step: ranges.map(({ step }) => step),
  };
  const to = { arrayShape: shape, origin: shape.map(() => 0) };
  const count = elementCount(shape);
  if (Array.isArray(array.values)) {
    const texts = new Array<string>(count).fill('');
    copyRegion(array.values, from, texts, to, shape);
    return texts;
  }
  const values = allocateValues(array.dtype, count);
  copyRegion(array.values, from, values, to, shape);
  if (array.mask) {
    const mask = new Uint8Array(count);
    copyRegion(array.mask, from, mask, to, shape);
    for (let i = 0; i < count; i++) if (mask[i] === 1) values[i] = missing;
  }
  return values;
}
