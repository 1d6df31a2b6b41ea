import { elementCount, isBigInt, type MaskedArray, type NumericValues } from '@hyperslab/array';

/** Values of a coordinate as numbers, NaN where missing. */
export function coordinateNumbers(array: MaskedArray): Float64Array {
  const values = array.values as NumericValues;
  const numbers = Float64Array.from(
    isBigInt(array.dtype) ? Array.from(values, Number) : (values as Float64Array),
  );
  if (array.mask !== undefined) {
    for (let i = 0; i < numbers.length; i++) if (array.mask[i] !== 0) numbers[i] = Number.NaN;
  }
  return numbers;
}

/** How far, relatively, values of a type may be from what was written before they were rounded to it. */
export function roundingOf(dtype: string): number {
  return dtype === 'float32' ? 2 ** -24 : 0;
}

/** Values of a text coordinate, whose characters may be a dimension of their own; undefined for numbers. */
export function coordinateLabels(array: MaskedArray): string[] | undefined {
  if (array.dtype === 'string') return array.values as string[];
  if (array.dtype !== 'char') return undefined;
  const bytes = array.values as Uint8Array;
  const length = array.shape.length > 0 ? array.shape[array.shape.length - 1] : 1;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return Array.from({ length: length === 0 ? 0 : bytes.length / length }, (_, i) =>
    decoder.decode(bytes.slice(i * length, (i + 1) * length)).replace(/[\0 ]+$/, ''),
  );
}

/** A coordinate of so many dimensions with one text for each place, where characters are a dimension more; others as they are. */
export function withWholeTexts(array: MaskedArray, rank: number): MaskedArray {
  if (array.dtype !== 'char' || array.shape.length <= rank) return array;
  const shape = array.shape.slice(0, -1);
  // Texts of no characters have no bytes to be told by.
  const values = array.values.length === 0 ? Array(elementCount(shape)).fill('') : coordinateLabels(array)!;
  return { dtype: 'string', shape, values };
}
