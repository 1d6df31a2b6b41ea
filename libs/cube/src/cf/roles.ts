import type { IndexedVariable } from '@hyperslab/proto/index';
import { textAttribute, wordsAttribute } from './attributes.ts';
import { axisOf } from './axis.ts';
import { boundsName } from './bounds.ts';
import type { FileVariables } from './file-variables.ts';
import { gridMappingNames, keyedNames } from './grid-mapping.ts';
import { groupOf, resolveName } from './names.ts';

/** What a variable is to another one of its file, to which it gives meaning. */
type LinkRole = 'dimension' | 'auxiliary' | 'bounds' | 'grid_mapping';

export interface Link {
  path: string;
  role: LinkRole;
  /** Of bounds: path of the coordinate that they belong to. */
  parent?: string;
}

/** Who is what in one file (CF conventions, chapter 5). */
export interface FileRoles {
  /** Parameters: variables that only give meaning to others are not among them. */
  fields: Set<string>;
  /** Coordinates, bounds, grid mappings, coefficients: a merge compares their values. */
  supporting: Set<string>;
  /**
   * Fields that all files of a run are likely to repeat: those that do not lie along the file's time; in a file that
   * tells no time, those of fewer dimensions than others, and single values.
   */
  constant: Set<string>;
  /** What gives meaning to a variable: dimension coordinates in order of dimensions, then the listed ones, each before its bounds. */
  links(path: string): Link[];
}

/** Tells the parts that the variables of one file play. Pure; no values are looked at. */
export function fileRoles(file: FileVariables): FileRoles {
  const { variables } = file;
  const named = namedVariables(file);
  const supporting = new Set<string>();
  const companions = new Set<string>();
  const bounds = new Set<string>();
  const reference = new Set<string>();
  for (const path of variables.keys()) {
    if (isDimensionCoordinate(path, variables.get(path)!)) supporting.add(path);
    for (const target of named.coordinates(path)) supporting.add(target);
    for (const target of named.gridMappings(path)) supporting.add(target);
    for (const target of named.companions(path)) companions.add(target);
    const target = named.bounds(path);
    if (target !== undefined) bounds.add(target);
  }
  const terms = new Set(
    [...variables.keys()].filter((path) => !bounds.has(path)).flatMap(named.formulaTerms),
  );
  for (const term of terms) {
    // The orography or surface pressure of hybrid levels is a parameter in its own right; coefficients are not.
    if (variables.get(term)!.shape.length >= 2 && !bounds.has(term)) reference.add(term);
    else supporting.add(term);
  }
  // Bounds of hybrid levels name bounds of the coefficients, and the same surface pressure.
  for (const term of [...bounds].flatMap(named.formulaTerms)) if (!terms.has(term)) supporting.add(term);
  for (const path of bounds) supporting.add(path);
  const fields = new Set(
    [...variables.keys()].filter(
      (path) => reference.has(path) || !(supporting.has(path) || companions.has(path)),
    ),
  );
  const links = (path: string) => linksOf(path, file, named, fields.has(path) || companions.has(path));
  return { fields, supporting, constant: constantFields(file, fields, companions, links), links };
}

/** True for a variable that is named as its only dimension. */
function isDimensionCoordinate(path: string, variable: IndexedVariable): boolean {
  return variable.dimensions.length === 1 && variable.dimensions[0] === path;
}

type Named = ReturnType<typeof namedVariables>;

/** The attributes of a file that name variables, resolved. Names of nothing are left out: files often hold such. */
function namedVariables({ variables, attributes }: FileVariables) {
  const exists = (path: string) => variables.has(path);
  const resolve = (path: string, names: string[]): string[] => {
    const targets = names.map((name) => resolveName(name, groupOf(path), exists));
    return [...new Set(targets)].filter((target) => target !== undefined && target !== path) as string[];
  };
  const of = (path: string) => variables.get(path)!.attributes;
  const keyed = (path: string, name: string) =>
    resolve(
      path,
      keyedNames(textAttribute(of(path), name) ?? '').flatMap(({ names }) => names),
    );
  // xarray states coordinates that belong to no variable in a global attribute.
  const global = resolve('/', wordsAttribute(attributes, 'coordinates'));
  return {
    global,
    coordinates: (path: string) => [...resolve(path, wordsAttribute(of(path), 'coordinates')), ...global],
    gridMappings: (path: string) => resolve(path, gridMappingNames(of(path))),
    formulaTerms: (path: string) => keyed(path, 'formula_terms'),
    companions: (path: string) => [
      ...resolve(path, wordsAttribute(of(path), 'ancillary_variables')),
      ...keyed(path, 'cell_measures'),
    ],
    bounds: (path: string): string | undefined => {
      const name = boundsName(of(path));
      const target = name === undefined ? undefined : resolve(path, [name])[0];
      if (target === undefined) return undefined;
      // Real files also call other coordinates bounds ("ilev" of "lev"): true ones have the coordinate's dimensions and one more.
      const { dimensions } = variables.get(path)!;
      const own = variables.get(target)!.dimensions;
      return own.length === dimensions.length + 1 && dimensions.every((name, i) => own[i] === name)
        ? target
        : undefined;
    },
  };
}

function linksOf(path: string, { variables }: FileVariables, named: Named, hasCoordinates: boolean): Link[] {
  const variable = variables.get(path)!;
  const links: Link[] = [];
  const add = (target: string, role: LinkRole, parent?: string) => {
    if (!links.some((link) => link.path === target)) links.push({ path: target, role, parent });
  };
  const addCoordinate = (target: string, role: LinkRole) => {
    add(target, role);
    const bounds = named.bounds(target);
    if (bounds !== undefined) add(bounds, 'bounds', target);
  };
  for (const dimension of variable.dimensions) {
    const coordinate = variables.get(dimension);
    if (coordinate !== undefined && isDimensionCoordinate(dimension, coordinate))
      addCoordinate(dimension, 'dimension');
  }
  if (!hasCoordinates) return links;
  for (const target of named.coordinates(path)) {
    const { dimensions, dtype } = variables.get(target)!;
    // The last dimension of a label in a char array is the length of its text.
    const own = dtype === 'char' ? dimensions.slice(0, -1) : dimensions;
    if (own.every((name) => variable.dimensions.includes(name))) addCoordinate(target, 'auxiliary');
  }
  for (const target of named.gridMappings(path)) add(target, 'grid_mapping');
  return links;
}

function constantFields(
  { variables, unlimited }: FileVariables,
  fields: Set<string>,
  companions: Set<string>,
  links: (path: string) => Link[],
): Set<string> {
  const isTime = (path: string) => axisOf(variables.get(path)!.attributes) === 'T';
  const grows = (path: string) =>
    variables.get(path)!.dimensions.some((dimension) => unlimited.has(dimension)) ||
    links(path).some((link) => link.role !== 'bounds' && isTime(link.path));
  const candidates = [...fields, ...companions];
  const still = candidates.filter((path) => !grows(path));
  if (still.length < candidates.length) return new Set(still);
  const rank = (path: string) => variables.get(path)!.dimensions.length;
  const most = Math.max(...candidates.map(rank));
  return new Set(candidates.filter((path) => rank(path) < most || rank(path) === 0));
}
