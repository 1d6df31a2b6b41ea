import {
  allocateValues,
  elementCount,
  isBigInt,
  isFloat,
  type MaskedArray,
  type NumberArray,
  type NumericType,
  type RunLengths,
  regularRuns,
} from '@hyperslab/array';
import fc from 'fast-check';
import type { SampleVariable } from '../sample-dataset.ts';
import type { RandomCube } from './random-cube.ts';

const dtypes: NumericType[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
];
const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A number as a type can hold it: small, so that sums of a few are exact in every type. */
const value = (dtype: NumericType): fc.Arbitrary<number> => {
  if (!isFloat(dtype)) return fc.integer({ min: dtype.startsWith('u') ? 0 : -60, max: 60 });
  return fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -99, max: 99 }).map((n) => n / 4) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
};

/** Chunks along a dimension, regular or not. */
const chunks = (extent: number): fc.Arbitrary<RunLengths> =>
  extent < 2
    ? fc.constant(regularRuns(extent, 1))
    : fc.oneof(
        fc.integer({ min: 1, max: extent }).map((size) => regularRuns(extent, size)),
        fc
          .integer({ min: 1, max: extent - 1 })
          .map((first) => ({ sizes: [first, extent - first], counts: [1, 1] })),
      );

/** A variable of any type, of dimensions a, b, … of these lengths, in chunks or inline, with or without missing values. */
export function randomVariable(
  name: string,
  shape: readonly number[],
  types: readonly NumericType[] = dtypes,
  dimensions: readonly string[] = names.slice(0, shape.length),
): fc.Arbitrary<SampleVariable> {
  const count = elementCount(shape);
  return fc.constantFrom(...types).chain((dtype) =>
    fc.record({
      name: fc.constant(name),
      dimensions: fc.constant([...dimensions]),
      chunks: fc.option(fc.tuple(...shape.map(chunks)), { nil: undefined, freq: 4 }),
      array: fc
        .tuple(
          fc.array(value(dtype), { minLength: count, maxLength: count }),
          fc.option(fc.array(fc.nat({ max: 3 }), { minLength: count, maxLength: count }), { nil: undefined }),
        )
        .map(([list, missing]): MaskedArray => {
          const values = allocateValues(dtype, count);
          list.forEach((number, i) => {
            if (isBigInt(dtype)) (values as BigInt64Array)[i] = BigInt(number);
            else (values as NumberArray)[i] = number;
          });
          const mask = missing && Uint8Array.from(missing, (n) => (n === 0 ? 1 : 0));
          return { dtype, shape: [...shape], values, mask };
        }),
    }),
  );
}

/** Lengths of up to six dimensions, of a few hundred elements at most. */
export const shapes: fc.Arbitrary<number[]> = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
  .map((lengths) => {
    const shape: number[] = [];
    for (const length of lengths) shape.push(elementCount([...shape, length]) <= 600 ? length : 1);
    return shape;
  });

/** Variables as the cubes of a dataset that has no coordinates. */
export function cubesOf(...variables: SampleVariable[]): RandomCube {
  return { variables, cubes: Object.fromEntries(variables.map(({ name }) => [name, []])), lengths: {} };
}

/** What Python calls a variable, as doubles unless it is of a floating type: xarray makes float32 of short integers. */
export function inPython({ name, array }: SampleVariable): string {
  return isFloat(array.dtype) ? name : `${name}.astype("float64")`;
}
