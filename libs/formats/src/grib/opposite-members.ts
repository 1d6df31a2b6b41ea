import type { FieldGroup } from './field-groups.ts';
import type { Place } from './product/product.ts';

const name = 'realization';

/**
 * Members of an ensemble that are perturbed negatively. Those of a pair share a number (NCEP's SREF, JMA): where numbers mean two
 * members in a file, the negative ones get negative numbers, as wgrib2 prints them. Elsewhere the number is as stored, and an attribute
 * tells a merge of several files which are negative: it does the same for all of them.
 */
export class OppositeMembers {
  readonly #negative = new Map<FieldGroup, number[]>();
  readonly #negativeNumbers = new Set<number>();
  readonly #otherNumbers = new Set<number>();

  /** Notes the member of the row that was added to a group last. */
  add(group: FieldGroup, places: readonly Place[]): void {
    const member = places.find((place) => place.name === name);
    if (member === undefined) return;
    if (!member.isNegative) {
      this.#otherNumbers.add(member.value);
      return;
    }
    this.#negativeNumbers.add(member.value);
    const rows = this.#negative.get(group) ?? [];
    rows.push(group.offsets.length - 1);
    this.#negative.set(group, rows);
  }

  /** Gives negative members numbers of their own, if they share any. */
  tellApart(): void {
    const isShared = !this.#negativeNumbers.isDisjointFrom(this.#otherNumbers);
    for (const [{ columns }, rows] of this.#negative) {
      const column = columns.find((each) => each.name === name)!;
      if (isShared) for (const row of rows) column.values[row] = 0 - column.values[row];
      else {
        const numbers = new Set(rows.map((row) => column.values[row]));
        column.describe({ negatively_perturbed: [...numbers] });
      }
    }
  }
}
