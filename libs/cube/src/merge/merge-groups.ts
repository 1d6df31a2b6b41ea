import { isHyperslabError } from '@hyperslab/errors';
import { publicName } from '../cf/names.ts';
import { alignRuns } from './align-runs.ts';
import { arrange } from './arrange.ts';
import { arrangeWithHoles } from './arrange-with-holes.ts';
import type { Arrangement } from './arrangement.ts';
import { checkGroups } from './check-groups.ts';
import type { PieceCollection } from './collect-pieces.ts';
import { differenceText } from './difference.ts';
import { type FileGrid, fileGrids, type PlacedCube } from './file-grid.ts';
import { fillAbsent } from './fill-absent.ts';
import { followGrid } from './follow-grid.ts';
import { gridDifference } from './grid-difference.ts';
import { keptUncompared } from './kept-uncompared.ts';
import type { ConflictContext } from './merge-conflict.ts';
import { type MergedLink, type MergedVariable, mergedField, mergedLink } from './merged-variable.ts';
import type { Notes } from './notes.ts';
import type { Piece, PieceGroup } from './piece.ts';
import { selectBest } from './select-best.ts';
import { splitByGrid } from './split-by-grid.ts';

/** A variable of the dataset with what gives it meaning. */
export interface MergedCube {
  field: MergedVariable;
  isField: boolean;
  links: MergedLink[];
}

/** Pieces that nothing of their own tells apart, or that do not fit each other. */
interface Unplaced {
  pieces: Piece[];
  conflict: unknown;
}

/**
 * Merges all that was collected: fields with their coordinates, then variables that belong to no field. What differs
 * between files, and says nothing of where it belongs, follows the others. Throws MERGE_CONFLICT; `notes` takes what a
 * person should know of what was done.
 */
export function mergeGroups(
  collection: PieceCollection,
  notes: Notes,
  { allowMissing = false, best = false }: { allowMissing?: boolean; best?: boolean } = {},
): MergedCube[] {
  const groups = [...collection.groups.values()];
  const fields = groups.filter(({ isField }) => isField);
  const others = groups.filter(({ isField }) => !isField);
  checkGroups(fields, collection, notes);
  fillAbsent(fields, collection, notes);
  const merge = new GroupMerge(collection, notes, allowMissing);
  const { covered } = merge;
  if (best) selectBest(fields, collection, notes, covered);
  const cubes = merge.all(fields.map((group) => ({ group, pieces: merge.filled(group) })));
  for (const { links } of cubes)
    for (const { merged } of links) for (const { content } of merged.pieces) covered.add(content);
  const rest = others.map((group) => ({
    group,
    pieces: merge.filled(group).filter(({ own }) => own < 0 || !covered.has(own)),
  }));
  return [...cubes, ...merge.all(rest.filter(({ pieces }) => pieces.length > 0))];
}

/** Merges groups, first those whose coordinates tell how, then those that follow them. */
class GroupMerge {
  readonly #collection: PieceCollection;
  readonly #notes: Notes;
  readonly #allowMissing: boolean;
  /** Contents that cubes hold, in parts or not at all: those of pieces that were cut or left out. */
  readonly covered = new Set<number>();
  readonly #placed: PlacedCube[] = [];
  /** Files with a dimension of length 0 that other files fill: nothing in them lies anywhere. */
  readonly #emptyFiles = new Set<number>();

  constructor(collection: PieceCollection, notes: Notes, allowMissing: boolean) {
    this.#allowMissing = allowMissing;
    this.#collection = collection;
    this.#notes = notes;
  }

  /** Pieces of a group without those of no elements, if others have some. */
  filled({ path, pieces }: PieceGroup): Piece[] {
    const empty = pieces.filter(({ variable }) => variable.shape.includes(0));
    if (empty.length === 0 || empty.length === pieces.length) return pieces;
    for (const { file } of empty) this.#emptyFiles.add(file);
    this.#notes.add(publicName(path), `nothing of ${empty.length} files, in which it has no elements`);
    return pieces.filter(({ variable }) => !variable.shape.includes(0));
  }

  /** Cubes in the order of the groups. */
  all(groups: readonly { group: PieceGroup; pieces: Piece[] }[]): MergedCube[] {
    const attempts = groups.map(({ group, pieces }) => this.#attempt(group, pieces));
    const waiting = attempts.some(({ unplaced }) => unplaced.length > 0);
    const grids = waiting ? fileGrids(this.#placed) : [];
    return attempts.flatMap(({ cubes, unplaced }, i) => [
      ...cubes,
      ...unplaced.flatMap((rest) => this.#follow(groups[i].group, rest, grids)),
    ]);
  }

  #attempt(group: PieceGroup, pieces: Piece[]): { cubes: MergedCube[]; unplaced: Unplaced[] } {
    const whole = this.#arranged(group, pieces);
    if (!('conflict' in whole)) return { cubes: [whole], unplaced: [] };
    const parts = splitByGrid(group, pieces, this.#collection.contents);
    if (parts.length === 1) {
      const filled = this.#withHoles(group, whole);
      return 'conflict' in filled ? { cubes: [], unplaced: [filled] } : { cubes: [filled], unplaced: [] };
    }
    const sides = [parts[0][0], parts[1][0]];
    const urls = sides.map(({ file }) => this.#collection.files[file].url);
    const difference = gridDifference(group, sides, this.#collection.contents);
    this.#notes.add(
      publicName(group.path),
      `on ${parts.length} grids, which are ${parts.length} cubes: ${differenceText(difference, urls)}; ${difference.advice}`,
    );
    const results = parts.map((part) => {
      const result = this.#arranged(group, part);
      return 'conflict' in result ? this.#withHoles(group, result) : result;
    });
    return {
      cubes: results.filter((result): result is MergedCube => !('conflict' in result)),
      unplaced: results.filter((result): result is Unplaced => 'conflict' in result),
    };
  }

  #arranged(group: PieceGroup, all: Piece[]): MergedCube | Unplaced {
    const pieces = distinct(all);
    try {
      return this.#build(group, pieces, arrange(this.#context(group, pieces), this.#notes));
    } catch (conflict) {
      return { pieces: all, conflict };
    }
  }

  /** Pieces of data that do not fill a grid, with missing data where none is: when that is allowed. */
  #withHoles(group: PieceGroup, unplaced: Unplaced): MergedCube | Unplaced {
    const pieces = distinct(unplaced.pieces);
    if (!this.#allowMissing || !group.isField || pieces[0].own >= 0) return unplaced;
    if (!isHyperslabError(unplaced.conflict, 'MERGE_CONFLICT')) return unplaced;
    const attempts = [
      () => arrangeWithHoles(this.#context(group, pieces), this.#notes),
      () => {
        const runs = alignRuns(group, pieces, this.#collection);
        if (runs !== undefined)
          for (const { contents } of pieces) for (const content of contents) this.covered.add(content);
        return runs && arrangeWithHoles(this.#context(group, runs.pieces), this.#notes, runs.candidates);
      },
    ];
    let { conflict } = unplaced;
    for (const attempt of attempts) {
      try {
        const filled = attempt();
        if (filled !== undefined) return this.#build(group, filled.pieces, filled.arrangement);
      } catch (error) {
        if (!isHyperslabError(error, 'MERGE_CONFLICT')) throw error;
        conflict = error;
      }
    }
    return { ...unplaced, conflict };
  }

  #follow(group: PieceGroup, { pieces: all, conflict }: Unplaced, grids: readonly FileGrid[]): MergedCube[] {
    if (!isHyperslabError(conflict, 'MERGE_CONFLICT')) throw conflict;
    const pieces = all.filter(({ file }) => !this.#emptyFiles.has(file));
    const whole = this.#followed(group, pieces, grids);
    if (whole !== undefined) return [whole];
    // A file of constants beside those of a run lies nowhere: what it says otherwise than they do stands for itself.
    for (const { cellOf } of grids) {
      const parts = [true, false].map((isOn) => pieces.filter(({ file }) => cellOf.has(file) === isOn));
      if (parts.some(({ length }) => length === 0)) continue;
      const cubes = parts.map((part) => this.#alone(group, part) ?? this.#followed(group, part, grids));
      if (cubes.includes(undefined)) continue;
      this.#notes.add(
        publicName(group.path),
        'different in files that lie nowhere, which is a cube of its own',
      );
      return cubes as MergedCube[];
    }
    throw conflict;
  }

  /** Pieces that are all equal. */
  #alone(group: PieceGroup, pieces: Piece[]): MergedCube | undefined {
    const [first, ...others] = distinct(pieces);
    return others.length > 0 ? undefined : this.#single(group, first);
  }

  #followed(group: PieceGroup, pieces: Piece[], grids: readonly FileGrid[]): MergedCube | undefined {
    if (pieces.length === 0) return undefined;
    const first = keptUncompared(group, pieces, grids, this.#collection.chunks, this.#notes);
    if (first !== undefined) return this.#single(group, first);
    const followed = followGrid(group, pieces, grids, this.#notes);
    if (followed === undefined) return undefined;
    const cube = this.#build(group, followed.pieces, followed.arrangement);
    return { ...cube, links: [...cube.links, ...followed.links] };
  }

  #single(group: PieceGroup, piece: Piece): MergedCube {
    return this.#build(group, [piece], arrange(this.#context(group, [piece]), this.#notes));
  }

  #build(group: PieceGroup, pieces: Piece[], arrangement: Arrangement): MergedCube {
    const { contents } = this.#collection;
    const cube: MergedCube = {
      field: mergedField(group, pieces, arrangement, contents),
      isField: group.isField,
      links: group.links.map((_, link) => mergedLink(link, group, pieces, arrangement, contents)),
    };
    this.#placed.push({ cube, pieces, arrangement });
    return cube;
  }

  #context(group: PieceGroup, pieces: Piece[]): ConflictContext {
    const { contents, chunks, files, globals, groups } = this.#collection;
    return { group, pieces, contents, chunks, files, globals, groups };
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
