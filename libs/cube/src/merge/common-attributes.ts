import type { Attribute } from '@hyperslab/proto/array';
import { attributesKey, attributeValueKey } from '../cf/attributes.ts';

/** Collects the attributes that many lists agree on. Lists seen before cost one look-up. */
export class CommonAttributes {
  #common: Attribute[] | undefined;
  #seen = new Set<string>();
  #dropped = new Map<string, string>();

  add(attributes: readonly Attribute[], key = attributesKey(attributes)): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#common === undefined) {
      this.#common = [...attributes];
      return;
    }
    const others = new Map(attributes.map((attribute) => [attribute.name, attribute]));
    this.#common = this.#common.filter((attribute) => {
      const other = others.get(attribute.name);
      const agrees = other !== undefined && attributeValueKey(other) === attributeValueKey(attribute);
      if (!agrees) this.#dropped.set(attribute.name, other === undefined ? 'absent in some' : 'different');
      return agrees;
    });
    const kept = new Set(this.#common.map(({ name }) => name));
    for (const { name } of attributes)
      if (!kept.has(name) && !this.#dropped.has(name)) this.#dropped.set(name, 'absent in some');
  }

  /** Attributes that all lists have with one value, in the order of the first list. */
  get common(): Attribute[] {
    return this.#common ?? [];
  }

  /** Names of the others. */
  get dropped(): string[] {
    return [...this.#dropped.keys()];
  }
}
