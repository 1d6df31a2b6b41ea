import type { Attribute } from '@hyperslab/proto/array';
import { attributeValueKey } from '../cf/attributes.ts';
import { isSilent } from './silent-attributes.ts';

// An account of a conflict names files that are near each other, or of few states: more of them need not be held.
const mostStates = 1000;
const longestValue = 60;

/** Global attributes of files, as far as an account of a conflict may need them. */
export class GlobalAttributes {
  #states: Map<string, string>[] = [];
  #numbers = new Map<string, number>();
  #stateOf: Int16Array = new Int16Array(256).fill(-1);

  /** Takes the attributes of a file, whose `key` is equal for equal ones. */
  add(file: number, attributes: readonly Attribute[], key: string): void {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      if (this.#states.length === mostStates) return;
      const telling = attributes.filter(({ name }) => !isSilent(name));
      const state = new Map(telling.map((attribute) => [attribute.name, shortValue(attribute)]));
      number = this.#states.push(state) - 1;
      this.#numbers.set(key, number);
    }
    if (file >= this.#stateOf.length) {
      const longer = new Int16Array(Math.max(file + 1, this.#stateOf.length * 2)).fill(-1);
      longer.set(this.#stateOf);
      this.#stateOf = longer;
    }
    this.#stateOf[file] = number;
  }

  /** The first attribute that two files have with different values. */
  difference(a: number, b: number): { name: string; a: string; b: string } | undefined {
    const [first, second] = [a, b].map((file) => this.#states[this.#stateOf[file] ?? -1]);
    if (first === undefined || second === undefined) return undefined;
    for (const [name, value] of first) {
      const other = second.get(name);
      if (other !== undefined && other !== value) return { name, a: value, b: other };
    }
    return undefined;
  }
}

/** Value of an attribute for a person: texts are quoted, and long ones cut. */
export function shortValue(attribute: Attribute): string {
  const text =
    attribute.strings.length > 0
      ? JSON.stringify(attribute.strings.join(', '))
      : attributeValueKey(attribute).replace(/^[^:]*:/, '');
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
