import type { NumericType, NumericValues } from '@hyperslab/array';
import type { Strided } from './apply.ts';
import { fillOne } from './fill-one.ts';
import { readySimd } from './simd.ts';
import { cellSlot, maskSlot, missingSlot, xSlot } from './slots.ts';

/** A condition's slot is that of masks, and the second branch's one that no kernel uses beside it. */
const [truthSlot, yesSlot, noSlot] = [maskSlot, xSlot, missingSlot];

/**
 * Writes the elements of one operand where a byte is not 0, and of another elsewhere; all of a type. False, and nothing done, where there
 * is no kernel for it.
 */
export function selectByKernel(
  dtype: NumericType,
  truth: Strided,
  yes: Strided,
  no: Strided,
  output: NumericValues,
  count: number,
): boolean {
  const simd = readySimd(count);
  if (simd === undefined || truth.stride === 0) return false;
  const { stage, kernels } = simd;
  const select = kernels[`select${output.BYTES_PER_ELEMENT as 1 | 2 | 4 | 8}`];
  const branches = [yes, no];
  const [first, second] = branches.map(({ values, stride }) => (stride === 0 ? output : values));
  const block = stage.blockOf(count, output, truth.values, first, second);
  const [yesAlone, noAlone] = branches.map(({ values, stride }, i) =>
    stride === 0 ? fillOne(simd, dtype, i, values[0]) : undefined,
  );
  for (let i = 0; i < count; i += block) {
    const some = Math.min(block, count - i);
    select(
      stage.bring(truthSlot, truth.values, i, some),
      yesAlone ?? stage.bring(yesSlot, first, i, some),
      16 * yes.stride,
      noAlone ?? stage.bring(noSlot, second, i, some),
      16 * no.stride,
      stage.place(cellSlot, output, i),
      some,
    );
    stage.take(cellSlot, output, i, some);
  }
  return true;
}
