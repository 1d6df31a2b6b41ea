import { axisOf } from '../cf/axis.ts';
import { publicName } from '../cf/names.ts';
import type { PieceCollection } from './collect-pieces.ts';
import { differenceText } from './difference.ts';
import { groupDifference, traitDifference } from './group-difference.ts';
import { traitConflict } from './merge-conflict.ts';
import type { Notes } from './notes.ts';
import type { PieceGroup } from './piece.ts';

/**
 * Refuses fields that are one parameter written in two ways, which would silently become two cubes, and notes those that
 * rightly do. Throws MERGE_CONFLICT naming two files, the attribute or coordinate and both values.
 */
export function checkGroups(fields: PieceGroup[], collection: PieceCollection, notes: Notes): void {
  checkTraits(fields, collection);
  checkTimes(fields, collection);
  noteSeparate(fields, collection, notes);
}

function noteSeparate(
  fields: readonly PieceGroup[],
  { contents, files }: PieceCollection,
  notes: Notes,
): void {
  for (const [path, groups] of Map.groupBy(fields, (group) => group.path)) {
    if (groups.length === 1) continue;
    const [first, other] = groups;
    const difference = groupDifference(first, other, contents);
    const urls = [first, other].map(({ pieces }) => files[pieces[0].file].url);
    notes.add(
      publicName(path),
      `of ${groups.length} kinds, which are cubes of their own: ${differenceText(difference, urls)}; ${difference.advice}`,
    );
  }
}

// Parameters of one name and standard name that differ in these are one parameter that was written differently.
const mustAgree = (trait: string) =>
  trait === 'units' || trait.startsWith('dimension ') || trait.startsWith('auxiliary ');

/** Time is a dimension in some files and a scalar coordinate in others: they would be two parameters of one name. */
function checkTimes(groups: PieceGroup[], { contents, files }: PieceCollection): void {
  const scalars = new Map<string, PieceGroup>();
  const keyOf = ({ path, traits }: PieceGroup, time: string) =>
    [path, time, traits.standard_name, traits.cell_methods].join('\n');
  const times = (group: PieceGroup, role: string, rank: number) =>
    group.links.filter(
      (link, i) =>
        link.role === role &&
        link.dimensions.length === rank &&
        axisOf(contents.get(group.pieces[0].contents[i]).variable.attributes) === 'T',
    );
  for (const group of groups)
    for (const { path } of times(group, 'auxiliary', 0)) scalars.set(keyOf(group, path), group);
  for (const group of groups) {
    for (const { path } of times(group, 'dimension', 1)) {
      const other = scalars.get(keyOf(group, path));
      if (other === undefined) continue;
      const urls = [other, group].map(({ pieces }) => files[pieces[0].file].url);
      const name = publicName(path);
      const difference = {
        ...{ name, what: `${name} is`, a: 'a scalar coordinate', b: 'a dimension' },
        advice: `no option makes them one cube: give "${publicName(group.path)}" of the former a dimension "${name}" of length 1`,
      };
      throw traitConflict(publicName(group.path), difference, urls);
    }
  }
}

function checkTraits(groups: PieceGroup[], { contents, files }: PieceCollection): void {
  const firsts = new Map<string, PieceGroup>();
  for (const group of groups) {
    const { kind, standard_name, cell_methods } = group.traits;
    const key = [group.path, group.dimensions.join(), kind, standard_name, cell_methods].join('\n');
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, group);
      continue;
    }
    for (const trait of Object.keys(first.traits).filter(mustAgree)) {
      const [a, b] = [first.traits[trait], group.traits[trait]];
      if (b === undefined || a === b) continue;
      const urls = [first, group].map(({ pieces }) => files[pieces[0].file].url);
      throw traitConflict(publicName(group.path), traitDifference(trait, first, group, contents), urls);
    }
  }
}
