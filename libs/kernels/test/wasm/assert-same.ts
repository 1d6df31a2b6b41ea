import assert from 'node:assert/strict';

/** Compares to the bit, but takes all NaN for one. */
export function assertSame(actual: ArrayLike<number>, expected: ArrayLike<number>, what = ''): void {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i]))
      assert.fail(`${what}[${i}]: ${actual[i]}, the plain loop has ${expected[i]}`);
  }
}
