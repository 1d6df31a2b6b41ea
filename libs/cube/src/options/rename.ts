import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { Group } from '@hyperslab/proto/index';
import type { Renaming } from '@hyperslab/proto/merge';
import { baseName, groupOf, joinPath, publicName } from '../cf/names.ts';
import { changeVariables } from './group-variables.ts';

/** Attributes whose words name variables (CF conventions). */
const namingWords = new Set([
  'coordinates',
  'bounds',
  'climatology',
  'grid_mapping',
  'ancillary_variables',
  'cell_measures',
  'formula_terms',
  'compress',
]);
/** Those whose words before a colon name variables or dimensions. */
const namingKeys = new Set(['grid_mapping', 'cell_methods']);

/**
 * Gives a variable, the dimension of its name, or both another name, in attributes that name it too. Undefined where there
 * is neither. Throws INVALID_ARGUMENT naming the file that has something of the new name.
 */
export function renameInGroups(root: Group, { from, to }: Renaming, url: string): Group | undefined {
  const target = publicName(joinPath(groupOf(`/${from}`), to));
  const dimensions = new Map<string, string>();
  const taken: string[] = [];
  findDimensions(root, '', (path) => {
    if (publicName(path) === from) dimensions.set(path, joinPath(groupOf(path), to));
    if (publicName(path) === target) taken.push(path);
  });
  let found = dimensions.size > 0;
  changeVariables(root, (variable, name) => {
    if (name === from) found = true;
    if (name === target) taken.push(name);
    return variable;
  });
  if (!found) return undefined;
  if (taken.length > 0)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `rename of "${from}" to "${to}": ${url} has a variable or dimension "${target}" already; drop it first, or choose another name`,
      { url, variable: from },
    );
  const words = new Map([
    [baseName(`/${from}`), to],
    [`/${from}`, `/${target}`],
  ]);
  const renamed = changeVariables(root, (variable, name) => ({
    ...variable,
    name: name === from ? to : variable.name,
    dimensions: variable.dimensions.map((path) => dimensions.get(path) ?? path),
    attributes: variable.attributes.map((attribute) => renamedWords(attribute, words)),
  }));
  const attributes = root.attributes.map((attribute) => renamedWords(attribute, words));
  return { ...withDimensions(renamed ?? root, '', dimensions), attributes };
}

function findDimensions(group: Group, path: string, found: (path: string) => void): void {
  for (const { name } of group.dimensions) found(joinPath(path, name));
  for (const child of group.groups) findDimensions(child, joinPath(path, child.name), found);
}

function withDimensions(group: Group, path: string, renamed: ReadonlyMap<string, string>): Group {
  if (renamed.size === 0) return group;
  const dimensions = group.dimensions.map((dimension) => {
    const to = renamed.get(joinPath(path, dimension.name));
    return to === undefined ? dimension : { ...dimension, name: baseName(to) };
  });
  const groups = group.groups.map((child) => withDimensions(child, joinPath(path, child.name), renamed));
  return { ...group, dimensions, groups };
}

function renamedWords(attribute: Attribute, words: ReadonlyMap<string, string>): Attribute {
  const { name, strings } = attribute;
  if (strings.length === 0 || !(namingWords.has(name) || namingKeys.has(name))) return attribute;
  const renamed = strings.map((text) =>
    text.replace(/[^\s:]+(:?)/g, (word, colon: string) => {
      const plain = colon === '' ? word : word.slice(0, -1);
      const applies = colon === '' ? namingWords.has(name) : namingKeys.has(name);
      const to = applies ? words.get(plain) : undefined;
      return to === undefined ? word : to + colon;
    }),
  );
  return renamed.every((text, i) => text === strings[i]) ? attribute : { ...attribute, strings: renamed };
}
