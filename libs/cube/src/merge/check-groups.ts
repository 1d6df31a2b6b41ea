import { axisOf } from '../cf/axis.ts';
import { publicName } from '../cf/names.ts';
import type { PieceCollection } from './collect-pieces.ts';
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
  noteSeparate(fields, notes);
}

function noteSeparate(fields: readonly PieceGroup[], notes: Notes): void {
  const groups = new Map<string, number>();
  for (const { path } of fields) groups.set(path, (groups.get(path) ?? 0) + 1);
  for (const [path, count] of groups) {
    if (count > 1)
      notes.add(
        publicName(path),
        `of ${count} kinds, which are cubes of their own: dimensions, coordinates, standard names or cell methods differ between files`,
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
      const side = (from: PieceGroup, value: string) => ({ url: files[from.pieces[0].file].url, value });
      if (other !== undefined)
        throw traitConflict(publicName(group.path), publicName(path), [
          side(other, 'a scalar coordinate'),
          side(group, 'a dimension'),
        ]);
    }
  }
}

/** "units", or "units and dimensions of lead" for what differs in a coordinate. */
function nameOfTrait(trait: string): string {
  const [, path] = trait.split(' ');
  return path === undefined ? trait : `(dimensions) and units of ${publicName(path)}`;
}

function checkTraits(groups: PieceGroup[], { files }: PieceCollection): void {
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
      const side = (from: PieceGroup) => ({
        url: files[from.pieces[0].file].url,
        value: from.traits[trait].trim(),
      });
      throw traitConflict(publicName(group.path), nameOfTrait(trait), [side(first), side(group)]);
    }
  }
}
