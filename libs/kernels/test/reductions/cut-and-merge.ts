import {
  allocateValues,
  copyRegion,
  elementCount,
  type MaskedArray,
  type NumericType,
} from '@hyperslab/array';
import {
  type OtherOperand,
  ordinaryMemory,
  type PartialReduction,
  type ReductionParameters,
  reductionKind,
} from '../../src/index.ts';

/** A reduction of an array, and what it takes beside it. */
export interface Reduced {
  array: MaskedArray;
  others?: readonly OtherOperand[];
  axes: readonly number[];
  parameters?: ReductionParameters;
}

interface Part {
  origin: number[];
  shape: number[];
}

/** One of nothing yet. */
export function begin(
  name: string,
  { array, others = [], axes, parameters = {} }: Reduced,
): PartialReduction {
  return reductionKind(name).create({
    ...requestOf({ array, others, axes, parameters }),
    total: totalOf(array, axes),
  });
}

/** What `fromArrays` is given for a reduction. */
export function requestOf({ array, others = [], axes, parameters = {} }: Reduced) {
  return {
    dtype: array.dtype as NumericType,
    otherTypes: others.map((other) => other.array.dtype as NumericType),
    shape: array.shape.filter((_, axis) => !axes.includes(axis)),
    parameters,
    memory: ordinaryMemory,
  };
}

function totalOf(array: MaskedArray, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * array.shape[axis], 1);
}

/** Adds a part of the array. */
export function addPart(reduction: PartialReduction, reduced: Reduced, { origin, shape }: Part): void {
  const { array, others = [], axes } = reduced;
  const cut = others.map((other) => ({
    axes: other.axes,
    array: takePart(other.array, {
      origin: other.axes.map((axis) => origin[axis]),
      shape: other.axes.map((axis) => shape[axis]),
    }),
  }));
  const cell = origin.filter((_, axis) => !axes.includes(axis));
  const start = origin.map((index, axis) => (axes.includes(axis) ? index : 0));
  reduction.add(takePart(array, { origin, shape }), cut, axes, cell, start);
}

/** All at once. */
export function reduceWhole(name: string, reduced: Reduced): MaskedArray {
  const reduction = begin(name, reduced);
  addPart(reduction, reduced, { origin: reduced.array.shape.map(() => 0), shape: reduced.array.shape });
  return reduction.finish();
}

/** A part of an array. */
export function takePart(array: MaskedArray, { origin, shape }: Part): MaskedArray {
  const from = { arrayShape: array.shape, origin };
  const to = { arrayShape: shape, origin: shape.map(() => 0) };
  const values = allocateValues(array.dtype, elementCount(shape));
  copyRegion(array.values, from, values, to, shape);
  if (array.mask === undefined) return { dtype: array.dtype, shape, values };
  const mask = new Uint8Array(values.length);
  copyRegion(array.mask, from, mask, to, shape);
  return { dtype: array.dtype, shape, values, mask };
}

/** Cuts a shape at these indices of each dimension into parts, in row-major order. */
export function cutParts(shape: readonly number[], cuts: readonly (readonly number[])[]): Part[] {
  return shape.reduce<Part[]>(
    (parts, length, axis) => {
      const ends = [...new Set([...cuts[axis].filter((cut) => cut > 0 && cut < length), length])].sort(
        (a, b) => a - b,
      );
      return parts.flatMap((part) =>
        ends.map((end, i) => {
          const begin = i === 0 ? 0 : ends[i - 1];
          return { origin: [...part.origin, begin], shape: [...part.shape, end - begin] };
        }),
      );
    },
    [{ origin: [], shape: [] }],
  );
}
