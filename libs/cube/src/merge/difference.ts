/** What keeps pieces of two files apart, for a person. */
export interface Difference {
  /** The attribute, coordinate or dimension. */
  name: string;
  /** What is said of it: "y has", "units is". */
  what: string;
  /** What the one and the other file have. */
  a: string;
  b: string;
  /** The option that resolves it, or that none does. */
  advice: string;
}

/** "y has 3 elements in file:///a.nc and 2 elements in file:///b.nc". */
export function differenceText({ what, a, b }: Difference, urls: readonly string[]): string {
  return `${what} ${a} in ${urls[0]} and ${b} in ${urls[1]}`;
}
