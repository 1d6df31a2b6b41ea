import { hearCancel } from '../hear-cancel.ts';
import { RankedWindow } from './ranked-window.ts';
import type { Strip, StripResult } from './strips.ts';
import { moveWindow, type Windows } from './window.ts';

/** Medians of moving windows, column by column. */
export function rollMedians({ values, width, length }: Strip, windows: Windows): StripResult {
  const window = new RankedWindow(length);
  const column = new Float64Array(length);
  const elements = windows.count * width;
  const result = { values: new Float64Array(elements), counts: new Float64Array(elements) };
  for (let j = 0; j < width; j++) {
    hearCancel();
    for (let i = 0; i < length; i++) column[i] = values[i * width + j];
    window.begin(column);
    moveWindow(windows, window, (place) => {
      result.values[place * width + j] = middle(window);
      result.counts[place * width + j] = window.count;
    });
  }
  return result;
}

function middle(window: RankedWindow): number {
  const { count } = window;
  if (count === 0) return Number.NaN;
  const half = count >> 1;
  return count % 2 === 1 ? window.at(half) : (window.at(half - 1) + window.at(half)) / 2;
}
