import type { Strip, StripResult } from './strips.ts';
import { type Windows, windowOf } from './window.ts';

/** Medians of moving windows, each of whose numbers are kept in order while it moves. */
export function rollMedians(strip: Strip, windows: Windows): StripResult {
  const { values, width } = strip;
  const size = windows.before + windows.after + 1;
  const sorted = Array.from({ length: width }, () => new Float64Array(Math.min(size, strip.length)));
  const counts = new Float64Array(width);
  const elements = windows.count * width;
  const result = { values: new Float64Array(elements), counts: new Float64Array(elements) };
  let [begun, ended] = [windows.start, windows.start];
  for (let place = 0; place < windows.count; place++) {
    const [low, high] = windowOf(windows, windows.first + place);
    for (; begun < Math.min(low, ended); begun++)
      leave(sorted, counts, values, (begun - windows.start) * width);
    // What lies before the first window never was in one.
    begun = Math.max(begun, low);
    ended = Math.max(ended, low);
    for (; ended <= high; ended++) enter(sorted, counts, values, (ended - windows.start) * width);
    for (let j = 0; j < width; j++) result.values[place * width + j] = middle(sorted[j], counts[j]);
    result.counts.set(counts, place * width);
  }
  return result;
}

function enter(sorted: Float64Array[], counts: Float64Array, values: Float64Array, at: number): void {
  for (let j = 0; j < sorted.length; j++) {
    const value = values[at + j];
    if (Number.isNaN(value)) continue;
    const place = placeOf(sorted[j], counts[j], value);
    sorted[j].copyWithin(place + 1, place, counts[j]);
    sorted[j][place] = value;
    counts[j]++;
  }
}

function leave(sorted: Float64Array[], counts: Float64Array, values: Float64Array, at: number): void {
  for (let j = 0; j < sorted.length; j++) {
    const value = values[at + j];
    if (Number.isNaN(value)) continue;
    const place = placeOf(sorted[j], counts[j], value);
    sorted[j].copyWithin(place, place + 1, counts[j]);
    counts[j]--;
  }
}

/** Place of the first number that is not less. */
function placeOf(sorted: Float64Array, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const between = (low + high) >> 1;
    if (sorted[between] < value) low = between + 1;
    else high = between;
  }
  return low;
}

function middle(sorted: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const half = count >> 1;
  return count % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
