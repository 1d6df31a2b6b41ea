import { anyMasked } from '../wasm/row-counts.ts';
import type { LineVisitor } from './walk-lines.ts';

/** The mask of an array that is walked through. */
export interface WalkedMask {
  /** Which of the arrays. */
  array: number;
  mask: Uint8Array;
}

/** A visitor of lines that passes on their runs of elements that no mask says are missing: loops then need not look. */
export function presentRuns(masks: readonly WalkedMask[], visit: LineVisitor): LineVisitor {
  if (masks.length === 0) return visit;
  let absent = new Uint8Array(0);
  return (at, step, length) => {
    // Most lines have no gap, also where others beside them do.
    if (masks.every(({ array, mask }) => step[array] === 1 && !anyMasked(mask, at[array], length))) {
      visit(at, step, length);
      return;
    }
    if (absent.length < length) absent = new Uint8Array(length);
    masks.forEach(({ array, mask }, i) => {
      markAbsent(absent, mask, at[array], step[array], length, i > 0);
    });
    const line = absent.subarray(0, length);
    for (let begin = 0; begin < length; ) {
      const first = line.indexOf(0, begin);
      if (first < 0) return;
      const next = line.indexOf(1, first);
      const end = next < 0 ? length : next;
      visit(first === 0 ? at : at.map((start, array) => start + first * step[array]), step, end - first);
      begin = end + 1;
    }
  };
}

function markAbsent(
  absent: Uint8Array,
  mask: Uint8Array,
  at: number,
  step: number,
  length: number,
  more: boolean,
): void {
  for (let i = 0; i < length; i++, at += step) {
    const missing = mask[at] === 0 ? 0 : 1;
    absent[i] = more ? absent[i] | missing : missing;
  }
}
