/**
 * Sums up differences of order 1 or 2 (template 7.3), as many as there are `first` values, which were left as they are.
 * To each difference its overall minimum has to be added. Missing values (NaN) stay missing and take no part.
 */
export function undoDifferences(integers: Float64Array, first: readonly number[], minimum: number): void {
  let at = 0;
  for (const value of first) {
    at = nextPresent(integers, at);
    if (at < integers.length) integers[at++] = value;
  }
  if (first.length === 1) sumOnce(integers, at, first[0], minimum);
  else sumTwice(integers, at, first[0], first[1], minimum);
}

function nextPresent(integers: Float64Array, from: number): number {
  let at = from;
  while (at < integers.length && Number.isNaN(integers[at])) at++;
  return at;
}

function sumOnce(integers: Float64Array, from: number, first: number, minimum: number): void {
  let last = first;
  for (let i = from; i < integers.length; i++) {
    const difference = integers[i];
    if (Number.isNaN(difference)) continue;
    last += difference + minimum;
    integers[i] = last;
  }
}

function sumTwice(
  integers: Float64Array,
  from: number,
  first: number,
  second: number,
  minimum: number,
): void {
  let last = second;
  let slope = second - first;
  for (let i = from; i < integers.length; i++) {
    const difference = integers[i];
    if (Number.isNaN(difference)) continue;
    slope += difference + minimum;
    last += slope;
    integers[i] = last;
  }
}
