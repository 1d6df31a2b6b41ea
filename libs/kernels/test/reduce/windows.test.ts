import assert from 'node:assert/strict';
import { allocateValues, elementCount, isBigInt, type MaskedArray, type NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { accumulate, createAccumulator, finish, type Reduction, reductionNames } from '../../src/index.ts';

const array = fc
  .record({
    dtype: fc.constantFrom<NumericType>('float32', 'float64', 'int16', 'uint32', 'int64'),
    rows: fc.integer({ min: 1, max: 3 }),
    windows: fc.integer({ min: 1, max: 9 }),
    length: fc.integer({ min: 1, max: 40 }),
    masked: fc.boolean(),
    stream: fc.infiniteStream(fc.integer({ min: -99, max: 99 })),
  })
  .map(({ dtype, rows, windows, length, masked, stream }): MaskedArray => {
    const shape = [rows, windows, length];
    const count = elementCount(shape);
    const values = allocateValues(dtype, count) as Float64Array;
    for (let i = 0; i < count; i++) {
      const value = stream.next().value as number;
      const number = dtype.startsWith('f') ? (value > 90 ? Number.NaN : value / 7) : Math.abs(value);
      values[i] = isBigInt(dtype) ? (BigInt(number) as never) : number;
    }
    if (!masked) return { dtype, shape, values };
    return {
      dtype,
      shape,
      values,
      mask: Uint8Array.from({ length: count }, () => (stream.next().value > 40 ? 1 : 0)),
    };
  });

function reduce(operation: Reduction, tile: MaskedArray, windowed: boolean): MaskedArray {
  const [rows, windows, length] = tile.shape;
  const accumulator = createAccumulator(operation, tile.dtype as NumericType, [rows, windows], length);
  if (windowed) accumulate(accumulator, tile, [2]);
  else {
    // A window at a time, which is a row.
    for (let cell = 0; cell < rows * windows; cell++) {
      const [from, to] = [cell * length, (cell + 1) * length];
      const values = (tile.values as Float64Array).subarray(from, to);
      const mask = tile.mask?.subarray(from, to);
      accumulate(
        accumulator,
        { ...tile, shape: [1, 1, length], values, mask },
        [2],
        [Math.floor(cell / windows), cell % windows],
      );
    }
  }
  return finish(accumulator);
}

describe('windows of a row', () => {
  it('are reduced as rows of their own, to the bit', () => {
    fc.assert(
      fc.property(array, fc.constantFrom(...reductionNames), (tile, operation) => {
        const [together, alone] = [reduce(operation, tile, true), reduce(operation, tile, false)];
        assert.deepEqual(together.values, alone.values, operation);
        for (let cell = 0; cell < alone.values.length; cell++)
          assert.equal(together.mask?.[cell] ?? 0, alone.mask?.[cell] ?? 0);
      }),
      { numRuns: 400 },
    );
  });
});
