import { atomicType, type DapDimension, type DapGroup, type FlatVariable } from '@hyperslab/dap';
import type { Dimension } from '@hyperslab/proto/index';
import { unescaped } from './das-attributes.ts';
import type { GroupNames } from './group-names.ts';

/** Groups that names tell of are not deeper. */
export const deepestGroup = 32;

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

/** Names that a path in a name ("/g/t") consists of. */
export function partsOf(name: string): string[] {
  return name.split('/').filter((part) => part !== '');
}

/**
 * Gives dimensions their names. One without a name, or with the name of another length (DAP2 knows lengths by array only), is
 * `phony_dim_N` of the group.
 */
export class DimensionNames {
  readonly #groups: GroupNames;
  readonly #byName = new Map<string, number>();
  /** Names of those that are made up, by group and length. */
  readonly #made = new Map<string, string[]>();
  #phony = 0;

  /** `groups` are those that dimensions with a path in their name are declared in. */
  constructor(groups: GroupNames) {
    this.#groups = groups;
  }

  /** Absolute names of dimensions of a variable; those that are not known are declared in `group`, at `path`, or below it. */
  name(dimensions: readonly DapDimension[], group: NamedGroup, path: string): string[] {
    // How many of a length are made up: those of one variable are not the same.
    const made = new Map<number, number>();
    return dimensions.map(({ name, size }) => {
      const known = name === '' ? undefined : this.#known(name, size, group);
      if (known !== undefined) return known;
      const before = made.get(size) ?? 0;
      made.set(size, before + 1);
      return this.#makeUp(size, before, group, path);
    });
  }

  /** Declares a dimension that the group at a path has; one with a path in its name, as flattened groups have it, in that group. */
  declare(dimension: Dimension, group: NamedGroup, path: string): string {
    const parts = partsOf(dimension.name);
    const absolute = [path, ...parts].join('/');
    if (!this.#byName.has(absolute)) {
      const name = parts.pop() ?? '';
      this.#groups.groupAt(group, parts).dimensions.push({ ...dimension, name });
      this.#byName.set(absolute, dimension.size);
    }
    return absolute;
  }

  #known(name: string, size: number, root: NamedGroup): string | undefined {
    // DAP2 has names in its escapes, which DAP4 has absolute.
    const plain = name.startsWith('/') ? name : unescaped(name);
    const parts = partsOf(plain);
    const absolute = `/${parts.join('/')}`;
    const known = this.#byName.get(absolute);
    if (known !== undefined) return known === size ? absolute : undefined;
    if (parts.length === 0 || parts.length > deepestGroup) return undefined;
    return this.declare({ name: plain, size, unlimited: false }, root, '');
  }

  #makeUp(size: number, at: number, group: NamedGroup, path: string): string {
    const key = `${size} ${path}`;
    const made = this.#made.get(key) ?? [];
    this.#made.set(key, made);
    if (at === made.length) {
      made.push(this.declare({ name: `phony_dim_${this.#phony++}`, size, unlimited: false }, group, path));
    }
    return made[at];
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
