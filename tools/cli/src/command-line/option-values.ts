import { parseDuration } from '@hyperslab/config';
import { InvalidArgumentError } from 'commander';

/** Reads a whole number of a range from an option. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

/** Reads a time ("30s", "1m30s") from an option, as milliseconds. */
export function durationMs(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Gathers the values of an option that may be repeated. */
export function collect(text: string, before: string[]): string[] {
  return [...before, text];
}
