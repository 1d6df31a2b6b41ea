import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { elementwise, foldLiterals, resultType } from '../../src/index.ts';
import { arrayOf, difference, numpyResults, type PlainValue } from '../numpy-results.ts';

/** numpy's bool and float16 are int8 and float32 here. */
const ours: Record<string, string> = { bool: 'int8', float16: 'float32' };

const float64 = (...values: number[]): MaskedArray => ({
  dtype: 'float64',
  shape: [values.length],
  values: Float64Array.from(values),
});
const masked = (array: MaskedArray, ...mask: number[]): MaskedArray => ({
  ...array,
  mask: Uint8Array.from(mask),
});

/** Why an integer that does not fit is not refused as it should be. */
function refusal(compute: () => unknown, dtype: string): string | undefined {
  try {
    compute();
    return 'computed, numpy has an OverflowError';
  } catch (error) {
    return isHyperslabError(error, 'EXPRESSION_INVALID') && error.message.includes(dtype)
      ? undefined
      : String(error);
  }
}

function unlike(result: MaskedArray, dtype: string, expected: readonly PlainValue[]): string | undefined {
  if (result.dtype !== (ours[dtype] ?? dtype)) return `type ${result.dtype}, numpy has ${dtype}`;
  return difference(result, expected, result.dtype === 'float32' ? 1e-6 : 1e-12);
}

describe('elementwise functions', () => {
  it('promote and compute as numpy for every pair of types', () => {
    const { inputs, binary } = numpyResults;
    const wrong: string[] = [];
    for (const [name, a, b, dtype, expected] of binary) {
      const [x, y] = [arrayOf(a, inputs[a]), arrayOf(b, inputs[b].toReversed())];
      const result = elementwise(name, [x, y], [8]);
      const relative = result.dtype === 'float32' ? 1e-6 : 1e-12;
      // numpy compares int64 with uint64 exactly; here both become float64.
      const known =
        /^[<>=!]/.test(name) && a !== b && [a, b].includes('uint64') && /^int|,int/.test(`${a},${b}`);
      const found =
        result.dtype !== (ours[dtype] ?? dtype)
          ? `type ${result.dtype}, numpy has ${dtype}`
          : difference(result, expected, relative);
      if (found !== undefined && !known) wrong.push(`${a} ${name} ${b}: ${found}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('compute functions of one argument as numpy for every type', () => {
    const { inputs, unary } = numpyResults;
    const wrong: string[] = [];
    for (const [name, a, dtype, expected] of unary) {
      const result = elementwise(name, [arrayOf(a, inputs[a])], [8]);
      // numpy has float16 for one-byte integers, which rounds and overflows sooner.
      const relative = dtype === 'float16' ? 2e-3 : result.dtype === 'float32' ? 1e-6 : 1e-12;
      if (dtype === 'float16' && name === 'exp') continue;
      const found =
        result.dtype !== (ours[dtype] ?? dtype)
          ? `type ${result.dtype}, numpy has ${dtype}`
          : difference(result, expected, relative);
      if (found !== undefined) wrong.push(`${name} ${a}: ${found}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('raise to constants as numpy, integers wrapping', () => {
    const { inputs, power } = numpyResults;
    const wrong: string[] = [];
    for (const [exponent, a, dtype, expected] of power) {
      const literal = Number.isInteger(exponent) && exponent >= 0 ? BigInt(exponent) : exponent;
      const result = elementwise('^', [arrayOf(a, inputs[a]), literal], [8]);
      const found =
        result.dtype !== dtype
          ? `type ${result.dtype}, numpy has ${dtype}`
          : difference(result, expected, result.dtype === 'float32' ? 1e-6 : 1e-12);
      if (found !== undefined) wrong.push(`${a}^${exponent}: ${found}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('type and compute with integer and floating literals as numpy with Python numbers', () => {
    const { inputs, literals } = numpyResults;
    const wrong: string[] = [];
    for (const [name, a, text, side, dtype, expected] of literals) {
      const literal = /^-?\d+$/.test(text) ? BigInt(text) : Number(text);
      const array = arrayOf(a, inputs[a]);
      const compute = () => elementwise(name, side === 'right' ? [array, literal] : [literal, array], [8]);
      // numpy has float16 for one-byte integers, of which a million is none.
      if (dtype === 'float16') continue;
      const found = dtype === null ? refusal(compute, a) : unlike(compute(), dtype, expected);
      if (found !== undefined) wrong.push(`${a} ${name} ${text} on the ${side}: ${found}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('take the type of the other branch for a literal, and int64 or float64 without one', () => {
    assert.equal(resultType('where', ['float64', 'float32', 0]), 'float32');
    assert.equal(resultType('where', ['float64', 'uint8', 0.5]), 'float64');
    assert.equal(resultType('where', ['float64', 1n, 0n]), 'int64');
    assert.equal(resultType('where', ['float64', 1n, 0.5]), 'float64');
    assert.throws(
      () => resultType('where', ['float64', 'uint8', 300n]),
      /300 does not fit uint8, which holds 0 to 255; write 300\.0/,
    );
  });

  it('fold literals as Python, and refuse integers beyond 2^53', () => {
    assert.equal(foldLiterals('^', [2n, 3n]), 8n);
    assert.equal(foldLiterals('^', [2n, -1n]), 0.5);
    assert.equal(foldLiterals('*', [2n, 3]), 6);
    assert.equal(foldLiterals('<', [2n, 3]), 1n);
    assert.throws(() => foldLiterals('*', [2n ** 40n, 2n ** 40n]), /beyond 2\^53/);
    assert.throws(() => foldLiterals('^', [9n, 999n]), /write 9\.0/);
  });

  it('give missing where an argument is missing, and keep NaN', () => {
    const result = elementwise(
      '+',
      [masked(float64(1, 2, 3), 1, 0, 0), masked(float64(1, Number.NaN, 3), 0, 0, 1)],
      [3],
    );
    assert.deepEqual(result.mask, Uint8Array.of(1, 0, 1));
    assert.ok(Number.isNaN(result.values[1]));
  });

  it('repeat an array of one element, and its mask', () => {
    const one = { ...masked(float64(2), 1), shape: [1, 1] };
    assert.deepEqual(elementwise('*', [float64(1, 2), one], [2]).mask, Uint8Array.of(1, 1));
    assert.deepEqual(
      elementwise('*', [float64(1, 2), { ...one, mask: undefined }], [2]).values,
      Float64Array.of(2, 4),
    );
  });

  it('choose by a condition, with the mask of the condition and of the chosen branch', () => {
    const condition = masked(float64(1, 0, 1, 1, Number.NaN), 0, 0, 1, 0, 0);
    const yes = masked(float64(1, 2, 3, 4, 5), 0, 1, 0, 1, 0);
    const result = elementwise('where', [condition, yes, -1], [5]);
    assert.deepEqual(result.mask, Uint8Array.of(0, 0, 1, 1, 0));
    assert.deepEqual([result.values[0], result.values[1], result.values[4]], [1, -1, 5]);
  });

  it('keep what a condition holds for, and what is missing in either is missing', () => {
    const condition = masked(float64(1, 0, 1, 1, Number.NaN, -0), 0, 0, 1, 0, 0, 0);
    const x = masked(float64(1, 2, 3, 4, Number.NaN, 6), 0, 1, 0, 1, 0, 0);
    assert.deepEqual(elementwise('where', [condition, x], [6]), {
      ...x,
      mask: Uint8Array.of(0, 1, 1, 1, 0, 1),
    });
    const uint8: MaskedArray = { dtype: 'uint8', shape: [2], values: Uint8Array.of(7, 8) };
    assert.deepEqual(elementwise('where', [1n, uint8], [2]), { ...uint8, mask: undefined });
    assert.deepEqual(elementwise('where', [float64(0, 2), 9n], [2]), {
      dtype: 'int64',
      shape: [2],
      values: BigInt64Array.of(9n, 9n),
      mask: Uint8Array.of(1, 0),
    });
    assert.deepEqual(elementwise('where', [0, { ...float64(5), shape: [] }], [2]).mask, Uint8Array.of(1, 1));
    const integers: MaskedArray = { dtype: 'uint64', shape: [2], values: BigUint64Array.of(0n, 2n ** 63n) };
    assert.deepEqual(elementwise('where', [integers, uint8], [2]).mask, Uint8Array.of(1, 0));
  });

  it('tell what is missing, and fill it: NaN is not', () => {
    const x = masked(float64(1, 2, Number.NaN, 4), 0, 1, 0, 1);
    assert.deepEqual(elementwise('is_missing', [x], [4]), {
      dtype: 'int8',
      shape: [4],
      values: Int8Array.of(0, 1, 0, 1),
    });
    const other = masked(float64(9, 8, 7, 6), 1, 1, 1, 0);
    assert.deepEqual(elementwise('fill_missing', [x, other], [4]), {
      ...x,
      values: Float64Array.of(1, 8, Number.NaN, 6),
      mask: Uint8Array.of(0, 1, 0, 0),
    });
    assert.deepEqual(
      elementwise('fill_missing', [x, -1n], [4]).values,
      Float64Array.of(1, -1, Number.NaN, -1),
    );
    assert.equal(elementwise('fill_missing', [{ ...x, mask: undefined }, 1], [4]).values, x.values);
    const one = { ...masked(float64(5), 1), shape: [] };
    assert.deepEqual(elementwise('fill_missing', [one, float64(1, 2)], [2]).values, Float64Array.of(1, 2));
    assert.deepEqual(
      elementwise('fill_missing', [{ ...one, mask: undefined }, float64(1, 2)], [2]).values,
      Float64Array.of(5, 5),
    );
    assert.deepEqual(elementwise('is_missing', [one], [2]).values, Int8Array.of(1, 1));
  });

  it('type what they fill by both, and what they keep as it is', () => {
    assert.equal(resultType('where', ['float64', 'int16']), 'int16');
    assert.equal(resultType('where', ['float64', 1n]), 'int64');
    assert.equal(resultType('is_missing', ['uint64']), 'int8');
    assert.equal(resultType('fill_missing', ['int16', 'float32']), 'float32');
    assert.equal(resultType('fill_missing', ['uint8', -1]), 'float64');
    assert.throws(() => resultType('fill_missing', ['uint8', -1n]), /-1 does not fit uint8/);
  });

  it('fold no literal that is missing', () => {
    assert.equal(foldLiterals('where', [1n, 2n]), 2n);
    assert.equal(foldLiterals('is_missing', [2]), 0n);
    assert.equal(foldLiterals('fill_missing', [2n, 3]), 2);
    assert.throws(() => foldLiterals('where', [0n, 2n]), /"where" of 0 and 2 is missing, which no number is/);
  });

  it('round halves to even and take powers as IEEE 754', () => {
    const halves = float64(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5);
    assert.deepEqual(elementwise('round', [halves], [7]).values, Float64Array.of(-2, -2, -0, 0, 2, 2, 4));
    assert.equal(foldLiterals('^', [1, Number.NaN]), 1);
    assert.equal(foldLiterals('^', [-1, Number.POSITIVE_INFINITY]), 1);
    assert.equal(foldLiterals('/', [1n, 0n]), Number.POSITIVE_INFINITY);
  });

  it('refuse an unknown function by name', () => {
    assert.throws(() => elementwise('constructor', [1], []), /function "constructor" is unknown/);
  });
});
