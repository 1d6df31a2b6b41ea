import { InvalidArgumentError } from 'commander';

/** Reads a whole number of a range from an option. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
}

/** Gathers the values of an option that may be repeated. */
export function collect(text: string, before: string[]): string[] {
  return [...before, text];
}
