import { isBigInt, isFloat, type NumericType } from '@hyperslab/array';
import { gatherCount, spreadCount } from './row-counts.ts';
import { type ExtremeLoop, gatherExtreme, spreadExtreme } from './row-extremes.ts';
import { spreadMoments } from './row-moments.ts';
import { gatherSquares, spreadSquares } from './row-squares.ts';
import { gatherSum, gatherSumMasked, spreadSum, spreadSumMasked } from './row-sums.ts';
import { windowSum } from './row-windows.ts';

/** A row loop by kernels, made of its plain version, for a type and, of extremes, `min` or `max`. */
type Maker = (dtype: never, plain: never) => unknown;

const ofFloats: Record<string, Maker> = {
  spreadSum,
  gatherSum,
  spreadSumMasked,
  gatherSumMasked,
  spreadMoments,
  spreadSquares,
  gatherSquares,
  windowSum,
};
const ofAll: Record<string, Maker> = { spreadCount, gatherCount };
const extremes = { spreadExtreme, gatherExtreme };

/**
 * The loop of `reduce/loops.ts` or `reduce/window-loops.ts` of a name that uses kernels where it can; the plain one, which it is made of, where there is no kernel for the
 * type: integers are summed plainly.
 */
export function withKernels<Loop>(
  name: string,
  dtype: NumericType,
  operation: string | undefined,
  plain: Loop,
): Loop {
  if (isBigInt(dtype)) return plain;
  if (name in extremes) {
    const which = operation === 'min' ? 'Min' : 'Max';
    return extremes[name as keyof typeof extremes](dtype, which, plain as ExtremeLoop) as Loop;
  }
  const make = ofAll[name] ?? (isFloat(dtype) ? ofFloats[name] : undefined);
  return make === undefined ? plain : (make(dtype as never, plain as never) as Loop);
}
