import { maskedLanes } from './lanes';

/* Elements of one array or of another, whatever their type: copies of so many bytes. A step is 16 for an array, 0 for one value that fills 16 bytes. */

/** The first array's element where the byte of `truth` is not 0, else the second's. */
// @ts-ignore: decorator
@inline
function select<T>(truth: usize, yes: usize, yesStep: usize, no: usize, noStep: usize, output: usize, count: i32): void {
  const lanes = 16 / sizeof<T>();
  const end = output + <usize>count * sizeof<T>();
  const whole = output + (<usize>count & ~(lanes - 1)) * sizeof<T>();
  while (output < whole) {
    v128.store(output, v128.bitselect(v128.load(yes), v128.load(no), maskedLanes<T>(truth)));
    truth += lanes;
    yes += yesStep;
    no += noStep;
    output += 16;
  }
  while (output < end) {
    store<T>(output, load<u8>(truth) != 0 ? load<T>(yes) : load<T>(no));
    truth++;
    if (yesStep != 0) yes += sizeof<T>();
    if (noStep != 0) no += sizeof<T>();
    output += sizeof<T>();
  }
}

export function select1(truth: usize, yes: usize, yesStep: usize, no: usize, noStep: usize, output: usize, count: i32): void {
  select<u8>(truth, yes, yesStep, no, noStep, output, count);
}

export function select2(truth: usize, yes: usize, yesStep: usize, no: usize, noStep: usize, output: usize, count: i32): void {
  select<u16>(truth, yes, yesStep, no, noStep, output, count);
}

export function select4(truth: usize, yes: usize, yesStep: usize, no: usize, noStep: usize, output: usize, count: i32): void {
  select<u32>(truth, yes, yesStep, no, noStep, output, count);
}

export function select8(truth: usize, yes: usize, yesStep: usize, no: usize, noStep: usize, output: usize, count: i32): void {
  select<u64>(truth, yes, yesStep, no, noStep, output, count);
}
