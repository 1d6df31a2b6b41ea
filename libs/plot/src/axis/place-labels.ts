import { textWidth } from '../svg/svg-text.ts';

/** A label and the middle of its place along an axis. */
export interface PlacedLabel {
  at: number;
  label: string;
}

/** Between two labels, and from one to the edge of the drawing. */
const gap = 4;
/** Digits are wider than the usual character. */
const digitShare = 1.05;

/** Labels moved inside the drawing, without those that would touch the one before. In ascending order. */
export function placeLabels(labels: readonly PlacedLabel[], width: number, size: number): PlacedLabel[] {
  let end = 0;
  return labels.flatMap(({ at, label }) => {
    const half = (textWidth(label, size) * digitShare) / 2;
    const inside = Math.max(gap + half, Math.min(width - gap - half, at));
    if (inside - half < end + gap) return [];
    end = inside + half;
    return [{ at: inside, label }];
  });
}
