import type { ResultHead } from '../result.ts';
import type { KnownVariable } from './file-definition.ts';
import { netcdfName } from './netcdf-name.ts';
import type { UniqueNames } from './unique-names.ts';

type GridMapping = NonNullable<ResultHead['gridMapping']>;

/** Grid mappings of a file, those that results share once: variables that have nothing but attributes (CF section 5.6). */
export class GridMappingVariables {
  readonly variables: KnownVariable[] = [];
  readonly #names: UniqueNames;
  readonly #placed = new Map<string, string>();

  constructor(names: UniqueNames) {
    this.#names = names;
  }

  /** Name in the file of a grid mapping. */
  place({ name: wanted, attributes }: GridMapping): string {
    const own = attributes.filter(({ name }) => name !== '_FillValue');
    const key = JSON.stringify([wanted, own]);
    const known = this.#placed.get(key);
    if (known !== undefined) return known;
    const name = this.#names.take(netcdfName(wanted));
    this.#placed.set(key, name);
    // What it is of does not matter; readers expect a number.
    const values = Int32Array.of(0);
    this.variables.push({ name, dtype: 'int32', dimensions: [], attributes: own, values });
    return name;
  }
}
