import type { NumberArray, NumericType, NumericValues } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';
import type { Allocator } from '../allocator.ts';
import { findMissing } from '../missing.ts';
import { remembered, specialise } from '../specialise.ts';
import type { Strided } from '../wasm/apply.ts';
import { selectByKernel } from '../wasm/select.ts';
import { type Input, input, type Operand, typeOf, unionMask } from './operand.ts';

/** Values of a result, and which of them are missing. */
interface Masked {
  values: NumericValues;
  mask?: Uint8Array;
}

/** One branch where a condition holds, the other elsewhere. What is missing in the branch that is not chosen does not count. */
export function choose(
  truth: Input,
  yes: Input,
  no: Input,
  dtype: NumericType,
  count: number,
  memory: Allocator,
): Masked {
  return {
    values: chosen(truth, yes, no, dtype, count, memory),
    mask: chooseMask(truth, yes, no, count, memory),
  };
}

function chosen(
  truth: Strided,
  yes: Strided,
  no: Strided,
  dtype: NumericType,
  count: number,
  memory: Allocator,
): NumericValues {
  const output = memory.array(dtype, count);
  if (!selectByKernel(dtype, truth, yes, no, output, count))
    chooseLoop(dtype)(
      truth.values,
      truth.stride,
      yes.values,
      yes.stride,
      no.values,
      no.stride,
      output,
      count,
    );
  return output;
}

/** What of a condition does not hold is found as the missing numbers of a variable are. */
const zeroIsMissing: Packing = {
  missingValues: [0],
  missingIntegers: [],
  unpackedDtype: '',
  readUnsigned: false,
};

/** Values where a condition holds, and nothing elsewhere. */
export function keepWhere(
  condition: Operand,
  x: Input,
  dtype: NumericType,
  count: number,
  memory: Allocator,
): Masked {
  const type = typeOf(condition);
  const ownType = typeof type === 'string' ? type : 'float64';
  const truth = input(condition, ownType);
  const unmet = { stride: truth.stride, mask: findMissing(truth.values, ownType, zeroIsMissing, memory) };
  const values = repeated(x, dtype, count, memory);
  const isAll = unmet.stride === 1 && truth.mask === undefined && x.mask === undefined;
  return { values, mask: isAll ? unmet.mask : unionMask([unmet, truth, x], count, memory) };
}

/** 1 where a value is missing, else 0. */
export function marksOf({ mask, stride }: Input, count: number, memory: Allocator): NumericValues {
  if (mask === undefined) return memory.zeros('int8', count);
  return repeated({ values: asMarks(mask), stride }, 'int8', count, memory);
}

/** Values, and those of another operand where they are missing. */
export function fillMissing(
  { mask, ...x }: Input,
  other: Input,
  dtype: NumericType,
  count: number,
  memory: Allocator,
): Masked {
  if (mask === undefined || !mask.includes(1)) return { values: repeated(x, dtype, count, memory) };
  return choose({ values: asMarks(mask), stride: x.stride }, other, x, dtype, count, memory);
}

/** A mask as conditions are: of one type, whatever loops learn about types. */
function asMarks({ buffer, byteOffset, length }: Uint8Array): Int8Array {
  return new Int8Array(buffer, byteOffset, length);
}

/** As many values as the result has. */
function repeated(
  { values, stride }: Input,
  dtype: NumericType,
  count: number,
  memory: Allocator,
): NumericValues {
  if (stride === 1 || count === 1) return values;
  return (memory.array(dtype, count) as NumberArray).fill(values[0] as number);
}

const nothingMissing: Strided = { values: Uint8Array.of(0), stride: 0 };

function chooseMask(
  truth: Input,
  yes: Input,
  no: Input,
  count: number,
  memory: Allocator,
): Uint8Array | undefined {
  if (![truth, yes, no].some(({ mask }) => mask !== undefined)) return undefined;
  const maskOf = ({ mask, stride }: Input): Strided =>
    mask === undefined ? nothingMissing : { values: mask, stride };
  const ofBranches = chosen(truth, maskOf(yes), maskOf(no), 'uint8', count, memory) as Uint8Array;
  if (truth.mask === undefined) return ofBranches;
  return unionMask([{ mask: ofBranches, stride: 1 }, truth], count, memory);
}

type ChooseLoop = (
  condition: NumericValues,
  conditionStride: number,
  yes: NumericValues,
  yesStride: number,
  no: NumericValues,
  noStride: number,
  output: NumericValues,
  count: number,
) => void;

const chooseLoop = remembered(() => specialise(chooseBranch) as ChooseLoop);

function chooseBranch(
  condition: NumberArray,
  conditionStride: number,
  yes: NumberArray,
  yesStride: number,
  no: NumberArray,
  noStride: number,
  output: NumberArray,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    output[i] = condition[i * conditionStride] !== 0 ? yes[i * yesStride] : no[i * noStride];
  }
}
