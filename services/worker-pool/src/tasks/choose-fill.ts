import { defaultFill, isFloat, isNumeric, type MaskedArray, type NumericValues } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

/** Numbers at the far ends of each type, for when netCDF's default fill value occurs. */
const others: Record<string, (number | bigint)[]> = {
  int8: [-128, 127],
  uint8: [254, 0],
  int16: [-32768, 32767],
  uint16: [65534, 0],
  int32: [-2147483648, 2147483647],
  uint32: [4294967294, 0],
  int64: [-9223372036854775808n, 9223372036854775807n],
  uint64: [18446744073709551615n, 0n],
  float32: [-9.969209968386869e36, 1.0000000200408773e20],
  float64: [-9.969209968386869e36, 1e20],
};

/**
 * A number of the array's type that none of its present values is, to stand for the missing ones.
 * @throws HyperslabError NOT_COMPUTABLE when there is none
 */
export function chooseFill({ dtype, values, mask }: MaskedArray): number | bigint {
  const present = values as ArrayLike<number | bigint>;
  const occurs = (fill: number | bigint) => {
    for (let i = 0; i < present.length; i++) if (present[i] === fill && mask?.[i] !== 1) return true;
    return false;
  };
  const candidates = isNumeric(dtype) ? [defaultFill[dtype], ...others[dtype]] : [];
  const fill = candidates.find((candidate) => !occurs(candidate)) ?? unusedInteger(dtype, present, mask);
  if (fill !== undefined) return fill;
  throw new HyperslabError(
    'NOT_COMPUTABLE',
    `a block of ${dtype}: it has missing values and uses every number of the type; publish it as a wider type, as in "x + 0.0"`,
  );
}

/** Any number of a small integer type that does not occur. */
function unusedInteger(
  dtype: string,
  values: ArrayLike<number | bigint>,
  mask: Uint8Array | undefined,
): number | undefined {
  if (isFloat(dtype) || typeof values[0] === 'bigint') return undefined;
  const used = new Set<number | bigint>();
  for (let i = 0; i < values.length; i++) if (mask?.[i] !== 1) used.add(values[i]);
  const lowest = dtype.startsWith('u') ? 0 : -(2 ** 7);
  for (let fill = lowest; fill <= lowest + 255; fill++) if (!used.has(fill)) return fill;
  return undefined;
}

/** The values, with `fill` where they are missing. */
export function filledValues({ values, mask }: MaskedArray, fill: number | bigint): NumericValues {
  const filled = (values as NumericValues).slice();
  if (mask !== undefined) {
    for (let i = 0; i < filled.length; i++)
      if (mask[i] === 1) (filled as { [at: number]: number | bigint })[i] = fill;
  }
  return filled;
}
