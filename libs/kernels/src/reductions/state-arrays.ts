import { allocateValues, type MaskedArray, type NumericType, type NumericValues } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

/** Values as an array of one dimension that can travel. */
export function stateArray(dtype: NumericType, values: NumericValues): MaskedArray {
  return { dtype, shape: [values.length], values };
}

/**
 * Copies of the arrays of a partial result. Throws FORMAT_CORRUPT unless they are as many as `expected` and of those
 * types and lengths; a length that only the array tells is undefined.
 */
export function stateValues(
  name: string,
  arrays: readonly MaskedArray[],
  expected: readonly (readonly [NumericType, number | undefined])[],
): NumericValues[] {
  if (arrays.length !== expected.length) throw corruptState(name);
  return arrays.map(({ values }, i) => {
    const [dtype, length] = expected[i];
    const of = allocateValues(dtype, 0);
    if (values.constructor !== of.constructor || (length !== undefined && values.length !== length))
      throw corruptState(name);
    return values.slice() as NumericValues;
  });
}

/** What is thrown for arrays that are no partial result. */
export function corruptState(name: string): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `block is no partial result of "${name}"; compute the expression again`,
  );
}
