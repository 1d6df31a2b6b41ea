import { none } from '../shared/slot-lists.ts';

/** Sizes between two powers of two are divided into so many classes. */
const steps = 16;
const stepBits = 4;
/** Powers of two from 16 units to 2^27, and before them the sizes below 16, each a class. */
const powers = 25;
export const classCount = steps * powers;

/** The class of a size, at least 1 and below 2^28. */
export function classOf(units: number): number {
  if (units < steps) return units;
  const power = 31 - Math.clz32(units);
  return (power - stepBits + 1) * steps + ((units >>> (power - stepBits)) & (steps - 1));
}

/** The first class all of whose sizes are at least so large. */
export function firstClassThatFits(units: number): number {
  if (units < steps) return units;
  return classOf(units + 2 ** (31 - Math.clz32(units) - stepBits) - 1);
}

/** Which classes have any member: a bit for each, and one for each power, in words that are given. */
export class SizeClasses {
  static readonly words = powers + 1;
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  add(number: number): void {
    const power = number >>> stepBits;
    this.#words[1 + power] |= 1 << (number & (steps - 1));
    this.#words[0] |= 1 << power;
  }

  remove(number: number): void {
    const power = number >>> stepBits;
    this.#words[1 + power] &= ~(1 << (number & (steps - 1)));
    if (this.#words[1 + power] === 0) this.#words[0] &= ~(1 << power);
  }

  /** The first class with members from one on; -1 when there is none. */
  firstFrom(number: number): number {
    if (number >= classCount) return none;
    const power = number >>> stepBits;
    const here = this.#words[1 + power] & (-1 << (number & (steps - 1)));
    if (here !== 0) return (power << stepBits) + lowestBit(here);
    const above = this.#words[0] & (-2 << power);
    if (above === 0) return none;
    const next = lowestBit(above);
    return (next << stepBits) + lowestBit(this.#words[1 + next]);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
