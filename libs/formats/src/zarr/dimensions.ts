import type { Dimension } from '@hyperslab/proto/index';
import type { GroupNode } from './node-tree.ts';
import type { ZarrArray } from './zarr-array.ts';

/** Dimensions that each group declares, and absolute names of those of each array. */
export interface Dimensions {
  declared: Map<GroupNode, Dimension[]>;
  of: Map<ZarrArray, string[]>;
}

/**
 * Finds the dimensions of a store. Arrays name theirs without declaring them: a name means the dimension of the nearest
 * group that has one of that name and length, else it is declared in the array's own. An axis without a name, or whose
 * name has another length there, is `phony_dim_N`: one for each length that its group needs.
 */
export function findDimensions(root: GroupNode): Dimensions {
  const found: Found = { declared: new Map(), of: new Map(), phony: 0 };
  visit(root, [], found);
  return found;
}

interface Found extends Dimensions {
  /** How many dimensions without a name there are so far. */
  phony: number;
}

function visit(group: GroupNode, above: readonly GroupNode[], found: Found): void {
  const own: Dimension[] = [];
  found.declared.set(group, own);
  // What a coordinate says of its dimension's length counts more than what others say.
  for (const [name, { shape, dimensionNames }] of group.arrays) {
    if (shape.length === 1 && dimensionNames?.[0] === name)
      own.push({ name, size: shape[0], unlimited: false });
  }
  const scopes = [group, ...above];
  for (const array of group.arrays.values()) {
    const taken: string[] = [];
    array.shape.forEach((size, axis) => {
      const name = array.dimensionNames?.[axis];
      const known = name === undefined ? undefined : named(name, size, scopes, taken, found);
      taken.push(known ?? phony(size, group, taken, found));
    });
    found.of.set(array, taken);
  }
  for (const child of group.groups.values()) visit(child, scopes, found);
}

/** The absolute name of a dimension that is declared, or is now; undefined when the name means another length. */
function named(
  name: string,
  size: number,
  scopes: readonly GroupNode[],
  taken: readonly string[],
  { declared }: Found,
): string | undefined {
  const [own] = scopes;
  if (name.includes('/')) return undefined;
  for (const scope of scopes) {
    const match = declared.get(scope)!.find((dimension) => dimension.name === name);
    const path = `${scope.path}/${name}`;
    if (match?.size === size && !taken.includes(path)) return path;
    if (match !== undefined && scope === own) return undefined;
  }
  declared.get(own)!.push({ name, size, unlimited: false });
  return `${own.path}/${name}`;
}

function phony(size: number, group: GroupNode, taken: readonly string[], found: Found): string {
  const own = found.declared.get(group)!;
  const isFree = (name: string) => !taken.includes(`${group.path}/${name}`);
  let match = own.find(
    (dimension) =>
      dimension.size === size && /^phony_dim_\d+$/.test(dimension.name) && isFree(dimension.name),
  );
  if (match === undefined) {
    match = { name: `phony_dim_${found.phony++}`, size, unlimited: false };
    own.push(match);
  }
  return `${group.path}/${match.name}`;
}
