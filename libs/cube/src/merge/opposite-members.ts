import { decodeArray } from '@hyperslab/array';
import type { FieldCoordinate, FieldSet } from '@hyperslab/proto/index';
import { arrayBlock } from '../array-block.ts';
import { joinPath, withoutMadeUp } from '../cf/names.ts';
import type { ContentTable } from './content-table.ts';

/** Attribute of a reader: which numbers of a coordinate are those of negatively perturbed members. */
const attribute = 'negatively_perturbed';

/**
 * Members of ensembles that are perturbed negatively, in files of their own. Those of a pair share a number: where numbers mean two
 * members in all of a merge, the negative ones have numbers below 0, as the reader gives them in one file; elsewhere they are as stored.
 */
export class OppositeMembers {
  readonly #contents: ContentTable;
  readonly #paths = new Set<string>();

  constructor(contents: ContentTable) {
    this.#contents = contents;
  }

  /** A set of fields of the group of a path with numbers below 0 for its negative members, until `finish` knows all files. */
  apart(group: string, set: FieldSet): FieldSet {
    if (!set.coordinates.some(isTelling)) return set;
    const coordinates = set.coordinates.map((coordinate) => {
      if (!isTelling(coordinate)) return coordinate;
      const { variable, values } = coordinate;
      const { attributes, name } = variable!;
      this.#paths.add(withoutMadeUp(joinPath(group, name)));
      const negative = new Set(attributes.find((each) => each.name === attribute)!.numbers);
      return {
        ...coordinate,
        variable: { ...variable!, attributes: attributes.filter((each) => each.name !== attribute) },
        values: values.map((value) => (negative.has(value) ? -value : value)),
      };
    });
    return { ...set, coordinates };
  }

  /** Gives negative members their stored numbers again where no other member has these. */
  finish(): void {
    for (const path of this.#paths) {
      const members = this.#contents.numbersOf(path).map((content) => {
        const { variable } = this.#contents.get(content);
        const { values } = decodeArray({ ...variable.inlineValues!, shape: variable.shape });
        return { content, variable, value: Number(values[0]) };
      });
      const all = new Set(members.map(({ value }) => value));
      const negative = members.filter(({ value }) => value < 0);
      if (negative.some(({ value }) => all.has(-value))) continue;
      for (const { content, variable, value } of negative) {
        const array = { dtype: 'int32' as const, shape: variable.shape, values: Int32Array.of(-value) };
        this.#contents.restate(content, { ...variable, inlineValues: arrayBlock(array) });
      }
    }
  }
}

function isTelling({ variable }: FieldCoordinate): boolean {
  return variable!.dtype === 'int32' && variable!.attributes.some(({ name }) => name === attribute);
}
