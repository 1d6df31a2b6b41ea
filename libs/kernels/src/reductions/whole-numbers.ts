/** Whole numbers to 2^53 as int64; negative ones become anything. Written by halves: a bigint for each would take ten times as long. */
export function wholeNumbers(numbers: Float64Array): BigInt64Array {
  const values = new BigInt64Array(numbers.length);
  const halves = new Uint32Array(values.buffer);
  for (let i = 0; i < numbers.length; i++) {
    halves[2 * i] = numbers[i] % 2 ** 32;
    halves[2 * i + 1] = numbers[i] / 2 ** 32;
  }
  return values;
}
