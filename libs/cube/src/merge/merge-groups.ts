import { publicName } from '../cf/names.ts';
import { arrange } from './arrange.ts';
import type { Arrangement } from './arrangement.ts';
import type { PieceCollection } from './collect-pieces.ts';
import { fillAbsent } from './fill-absent.ts';
import { type ConflictContext, traitConflict } from './merge-conflict.ts';
import { type MergedLink, type MergedVariable, mergedField, mergedLink } from './merged-variable.ts';
import type { Notes } from './notes.ts';
import type { Piece, PieceGroup } from './piece.ts';
import { splitByGrid } from './split-by-grid.ts';

/** A variable of the dataset with what gives it meaning. */
export interface MergedCube {
  field: MergedVariable;
  isField: boolean;
  links: MergedLink[];
}

/**
 * Merges all that was collected: fields with their coordinates, then variables that belong to no field. Throws
 * MERGE_CONFLICT; `notes` takes what a person should know of what was done.
 */
export function mergeGroups(collection: PieceCollection, notes: Notes): MergedCube[] {
  const groups = [...collection.groups.values()];
  checkTraits(
    groups.filter((group) => group.isField),
    collection,
  );
  fillAbsent(
    groups.filter((group) => group.isField),
    collection,
    notes,
  );
  const cubes: MergedCube[] = [];
  const covered = new Set<number>();
  for (const group of groups.filter(({ isField }) => isField)) {
    for (const cube of mergeGroup(group, distinct(group.pieces), collection, notes)) {
      cubes.push(cube);
      for (const { merged } of cube.links) for (const { content } of merged.pieces) covered.add(content);
    }
  }
  for (const group of groups.filter(({ isField }) => !isField)) {
    const pieces = distinct(group.pieces.filter((piece) => piece.own < 0 || !covered.has(piece.own)));
    if (pieces.length > 0) cubes.push(...mergeGroup(group, pieces, collection, notes));
  }
  return cubes;
}

function mergeGroup(
  group: PieceGroup,
  pieces: Piece[],
  { contents, files }: PieceCollection,
  notes: Notes,
): MergedCube[] {
  const context = (part: Piece[]): ConflictContext => ({ group, pieces: part, contents, files });
  const build = (part: Piece[], arrangement: Arrangement): MergedCube => ({
    field: mergedField(group, part, arrangement),
    isField: group.isField,
    links: group.links.map((_, link) => mergedLink(link, group, part, arrangement, contents)),
  });
  try {
    return [build(pieces, arrange(context(pieces), notes))];
  } catch (error) {
    const parts = splitByGrid(group, pieces, contents);
    if (parts.length === 1) throw error;
    const cubes = parts.map((part) => build(part, arrange(context(part), notes)));
    notes.add(publicName(group.path), `on ${parts.length} grids, which are ${parts.length} cubes`);
    return cubes;
  }
}

/** Pieces without those that repeat one before them: a grid or an orography that each file of a run holds. */
function distinct(pieces: Piece[]): Piece[] {
  if (pieces.length < 2 || pieces[0].own < 0) return pieces;
  const seen = new Set<string>();
  return pieces.filter(({ own, contents }) => {
    const key = own < 0 ? undefined : `${own} ${contents.join()}`;
    if (key === undefined || !seen.has(key)) {
      if (key !== undefined) seen.add(key);
      return true;
    }
    return false;
  });
}

// Parameters of one name and standard name that differ in these are one parameter that was written differently.
const mustAgree = (trait: string) =>
  trait === 'units' || trait.startsWith('dimension ') || trait.startsWith('auxiliary ');

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
      throw traitConflict(publicName(group.path), trait, [side(first), side(group)]);
    }
  }
}
