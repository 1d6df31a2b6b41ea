import { pressureLevels } from './parameters.ts';

/** Shape of a run's files. */
export interface RunShape {
  levels: number;
  rows: number;
  columns: number;
}

/** A run: how each of its files looks, and about how many there are. */
export interface RunPlan {
  shape: RunShape;
  steps: number;
}

/** What a file takes besides its fields: headers and indexes of chunks. */
const overheadBytes = 21_000;
/** Stored bytes of a value, over all eight parameters, deflated. Grids of few cells are rougher and take more. */
const bytesPerValue = 1.5;
const largestRows = 600;
const usualSteps = 24;
const fewestSteps = 8;
/** A file smaller than this would be mostly headers. */
const smallestFileBytes = 100_000;

/**
 * A run of about `size` bytes: 24 steps on a grid that fits, and more steps once the grid is the largest.
 * @param times number of steps, if it is not to be chosen
 */
export function planRun(size: number, times?: number): RunPlan {
  const affordable = Math.floor(size / smallestFileBytes);
  const steps = times ?? Math.max(fewestSteps, Math.min(usualSteps, affordable));
  const values = Math.max(0, size / steps - overheadBytes) / bytesPerValue / 8;
  const levels = Math.max(2, Math.min(pressureLevels.length, Math.floor(values / 3000)));
  // Four columns to three rows, as the area is.
  const rows = Math.max(6, Math.min(largestRows, Math.round(Math.sqrt((values / levels) * 0.75))));
  const columns = Math.round((rows * 4) / 3);
  return { shape: { levels, rows, columns }, steps };
}
