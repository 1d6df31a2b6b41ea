import { atomicType, type DapDimension, type DapGroup, type FlatVariable } from '@hyperslab/dap';
import type { Dimension } from '@hyperslab/proto/index';
import { unescaped } from './das-attributes.ts';

/** A variable of a data set with the names that an index gives it. */
export interface NamedVariable extends FlatVariable {
  /** Data type of its values here; empty when they are only described. */
  dtype: string;
  /** Names of its dimensions, absolute. */
  dimensionNames: string[];
}

/** A group of an index before its variables are located. */
export interface NamedGroup {
  name: string;
  /** The server's; none for a group that only names of variables tell of. */
  source?: DapGroup;
  dimensions: Dimension[];
  variables: NamedVariable[];
  groups: NamedGroup[];
}

/**
 * Gives dimensions their names. One without a name, or with the name of another length (DAP2 knows lengths by array only), is
 * `phony_dim_N` of the group.
 */
export class DimensionNames {
  readonly #byName = new Map<string, number>();
  #phony = 0;

  /** Absolute names of dimensions of a variable; those that are not known are declared in `group`, at `path`. */
  name(dimensions: readonly DapDimension[], group: NamedGroup, path: string): string[] {
    const names: string[] = [];
    for (const dimension of dimensions) names.push(this.#nameOf(dimension, group, path, names));
    return names;
  }

  /** Notes a dimension that a group declares. */
  declare(name: string, size: number): void {
    this.#byName.set(name, size);
  }

  #nameOf({ name, size }: DapDimension, group: NamedGroup, path: string, taken: readonly string[]): string {
    const absolute = name.startsWith('/') ? name : `/${unescaped(name)}`;
    const known = this.#byName.get(absolute);
    if (name !== '' && known === size) return absolute;
    if (name !== '' && known === undefined && !unescaped(name).slice(1).includes('/')) {
      return this.#add({ name: absolute.slice(1), size, unlimited: false }, group, '');
    }
    const same = group.dimensions.find(
      (each) =>
        each.name.startsWith('phony_dim_') && each.size === size && !taken.includes(`${path}/${each.name}`),
    );
    if (same !== undefined) return `${path}/${same.name}`;
    return this.#add({ name: `phony_dim_${this.#phony++}`, size, unlimited: false }, group, path);
  }

  #add(dimension: Dimension, group: NamedGroup, path: string): string {
    group.dimensions.push(dimension);
    const name = `${path}/${dimension.name}`;
    this.#byName.set(name, dimension.size);
    return name;
  }
}

/**
 * Data type of a variable's values here. DAP2 has no signed byte: servers of Java say `_Unsigned = "false"` where a byte is one, and
 * where a fill value or a limit is negative it can be nothing else.
 */
export function storedType({ type, attributes }: FlatVariable, protocol: 'dap2' | 'dap4'): string {
  const dtype = atomicType(type)?.dtype ?? '';
  if (protocol === 'dap4' || dtype !== 'uint8') return dtype;
  const isSigned = attributes.some(({ name, values }) => {
    if (name === '_Unsigned') return values[0]?.toLowerCase() === 'false';
    const limits = ['_FillValue', 'missing_value', 'valid_min', 'valid_range'].includes(name);
    return limits && values.some((value) => /^\s*-0*[1-9]\d*\s*$/.test(value));
  });
  return isSigned ? 'int8' : dtype;
}
