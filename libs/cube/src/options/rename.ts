import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { Group } from '@hyperslab/proto/index';
import type { Renaming } from '@hyperslab/proto/merge';
import { baseName, groupOf, joinPath, publicName, resolveName } from '../cf/names.ts';
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
  const variables = variablePaths(root);
  const dimensions = dimensionPaths(root);
  const renamed = new Map<string, string>();
  let taken = false;
  for (const path of [...variables, ...dimensions]) {
    const name = publicName(path);
    if (name === from) renamed.set(path, joinPath(groupOf(path), to));
    if (name === target) taken = true;
  }
  if (renamed.size === 0) return undefined;
  if (taken)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `rename of "${from}" to "${to}": ${url} has a variable or dimension "${target}" already; drop it first, or choose another name`,
      { url, variable: from },
    );
  const kinds = [variables, dimensions].map((before) => ({
    before,
    after: new Set(before.values().map((path) => renamed.get(path) ?? path)),
  }));
  // A word means what its own group, or the nearest around it, has: elsewhere it may be another variable.
  const wordIn = (group: string) => (word: string) => {
    for (const { before, after } of kinds) {
      const meant = resolveName(word, group, (path) => before.has(path));
      if (meant === undefined) continue;
      const path = renamed.get(meant) ?? meant;
      const short = path === meant ? word : word.slice(0, word.lastIndexOf('/') + 1) + to;
      // The new name may hide another, or be hidden by one.
      return resolveName(short, group, (candidate) => after.has(candidate)) === path ? short : path;
    }
    return word;
  };
  const changed = changeVariables(root, (variable, name, group) => ({
    ...variable,
    name: name === from ? to : variable.name,
    dimensions: variable.dimensions.map((path) => renamed.get(path) ?? path),
    attributes: variable.attributes.map((attribute) => renamedWords(attribute, wordIn(group))),
  }));
  const attributes = root.attributes.map((attribute) => renamedWords(attribute, wordIn('')));
  return { ...withDimensions(changed ?? root, '', renamed), attributes };
}

function variablePaths(root: Group): Set<string> {
  const paths = new Set<string>();
  changeVariables(root, (variable, _, group) => {
    paths.add(joinPath(group, variable.name));
    return variable;
  });
  return paths;
}

function dimensionPaths(group: Group, path = ''): Set<string> {
  const own = group.dimensions.map(({ name }) => joinPath(path, name));
  const below = group.groups.flatMap((child) => [...dimensionPaths(child, joinPath(path, child.name))]);
  return new Set([...own, ...below]);
}

function withDimensions(group: Group, path: string, renamed: ReadonlyMap<string, string>): Group {
  const dimensions = group.dimensions.map((dimension) => {
    const to = renamed.get(joinPath(path, dimension.name));
    return to === undefined ? dimension : { ...dimension, name: baseName(to) };
  });
  const groups = group.groups.map((child) => withDimensions(child, joinPath(path, child.name), renamed));
  return { ...group, dimensions, groups };
}

function renamedWords(attribute: Attribute, renamed: (word: string) => string): Attribute {
  const { name, strings } = attribute;
  if (strings.length === 0 || !(namingWords.has(name) || namingKeys.has(name))) return attribute;
  const texts = strings.map((text) =>
    text.replace(/[^\s:]+(:?)/g, (word, colon: string) => {
      const plain = colon === '' ? word : word.slice(0, -1);
      const applies = colon === '' ? namingWords.has(name) : namingKeys.has(name);
      return applies ? renamed(plain) + colon : word;
    }),
  );
  return texts.every((text, i) => text === strings[i]) ? attribute : { ...attribute, strings: texts };
}
