import { hearCancel } from '../hear-cancel.ts';
import { between } from './between.ts';

/**
 * Puts the element that would be at `place` if the first `count` were sorted there, none larger before it and none smaller
 * behind it, and answers it. There is no NaN among them.
 */
export function selectSmallest(values: Float64Array, count: number, place: number): number {
  let low = 0;
  let high = count - 1;
  let rounds = 4 * Math.log2(count);
  while (high > low) {
    // Values may be made so that each pivot is one of the largest; sorting takes no longer for any.
    if (rounds-- < 0) {
      values.subarray(low, high + 1).sort();
      break;
    }
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    // Stops at equal elements too, so that many of them are split evenly.
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else break;
  }
  return values[place];
}

function medianOfThree(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : Math.max(a, c);
  return a < c ? a : Math.max(b, c);
}

/** To select so many of them takes longer than to sort them all. */
const mostSelected = 16;

/**
 * Percentiles of the first `count` values, which are moved about: linear between the two nearest, as numpy's default.
 */
export function percentilesIn(values: Float64Array, count: number, percentiles: readonly number[]): number[] {
  const isSorted = percentiles.length > mostSelected;
  if (isSorted) values.subarray(0, count).sort();
  return percentiles.map((percentile) => {
    hearCancel();
    return percentileOf(values, count, percentile, isSorted);
  });
}

function percentileOf(values: Float64Array, count: number, percentile: number, isSorted: boolean): number {
  const rank = (percentile / 100) * (count - 1);
  const place = Math.floor(rank);
  const low = isSorted ? values[place] : selectSmallest(values, count, place);
  const share = rank - place;
  if (share === 0) return low;
  let high = values[place + 1];
  if (!isSorted) for (let i = place + 2; i < count; i++) if (values[i] < high) high = values[i];
  return between(low, high, share);
}
