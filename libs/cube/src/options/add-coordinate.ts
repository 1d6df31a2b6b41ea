import { HyperslabError } from '@hyperslab/errors';
import type { Group, IndexedVariable } from '@hyperslab/proto/index';
import type { AddedCoordinate } from '@hyperslab/proto/merge';
import { attributeOfText, textAttribute } from '../cf/attributes.ts';
import { baseName, groupOf, joinPath, publicName } from '../cf/names.ts';
import { changeVariables } from './group-variables.ts';

/** A coordinate as a reader would have found it in a file, along `dimension` if there is one. */
export function coordinateVariable(
  { name, attributes, values }: AddedCoordinate,
  dimension?: string,
): IndexedVariable {
  return {
    name,
    dtype: values?.dtype ?? 'float64',
    dimensions: dimension === undefined ? [] : [dimension],
    shape: values?.shape ?? [],
    attributes,
    inlineValues: values,
    notComputable: '',
    contentSha256: '',
  };
}

/**
 * Adds a coordinate along a dimension, in each group that has one of that name; undefined where none has. Throws
 * INVALID_ARGUMENT naming the file where it is of another length, or has a variable of that name.
 */
export function addCoordinate(root: Group, added: AddedCoordinate, url: string): Group | undefined {
  const extents = new Map<string, number>();
  changeVariables(root, (variable, name) => {
    if (name === added.name)
      throw refused(added, url, 'has a variable of that name; drop or rename it first');
    for (const [axis, path] of variable.dimensions.entries())
      if (publicName(path) === added.dimension) extents.set(path, variable.shape[axis]);
    return variable;
  });
  if (extents.size === 0) return undefined;
  const count = added.values?.shape[0] ?? 0;
  for (const extent of extents.values())
    if (extent !== count)
      throw refused(
        added,
        url,
        `has ${extent} elements along ${added.dimension}; expected the ${count} that it has values for`,
      );
  const isNamed = baseName(`/${added.dimension}`) === added.name;
  const listed = isNamed
    ? root
    : changeVariables(root, (variable) =>
        variable.dimensions.some((path) => extents.has(path))
          ? withCoordinate(variable, added.name)
          : variable,
      );
  return withVariable(listed ?? root, '', [...extents.keys()], added);
}

function withVariable(
  group: Group,
  path: string,
  dimensions: readonly string[],
  added: AddedCoordinate,
): Group {
  const here = dimensions.filter((dimension) => groupOf(dimension) === path);
  const variables = [...group.variables, ...here.map((dimension) => coordinateVariable(added, dimension))];
  const groups = group.groups.map((child) =>
    withVariable(child, joinPath(path, child.name), dimensions, added),
  );
  return { ...group, variables, groups };
}

function withCoordinate(variable: IndexedVariable, name: string): IndexedVariable {
  const before = textAttribute(variable.attributes, 'coordinates');
  const others = variable.attributes.filter((attribute) => attribute.name !== 'coordinates');
  const text = before === undefined ? name : `${before} ${name}`;
  return { ...variable, attributes: [...others, attributeOfText('coordinates', text)] };
}

function refused({ name }: AddedCoordinate, url: string, what: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `added coordinate "${name}": ${url} ${what}`, {
    url,
    variable: name,
  });
}
