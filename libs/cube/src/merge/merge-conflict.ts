import { HyperslabError } from '@hyperslab/errors';
import { publicName } from '../cf/names.ts';
import type { ChunkLog } from './chunk-log.ts';
import type { SourceFile } from './collect-pieces.ts';
import type { ContentTable } from './content-table.ts';
import { type Difference, differenceText } from './difference.ts';
import type { GlobalAttributes } from './global-attributes.ts';
import type { Piece, PieceGroup } from './piece.ts';
import { shortValues } from './short-values.ts';

/** What an account of a conflict needs to name things as a person knows them. */
export interface ConflictContext {
  group: PieceGroup;
  pieces: readonly Piece[];
  contents: ContentTable;
  /** Chunk tables of the pieces. */
  chunks: ChunkLog;
  files: readonly SourceFile[];
  globals: GlobalAttributes;
  /** All groups of the merge, for what else differs between two files. */
  groups: ReadonlyMap<string, PieceGroup>;
}

/** Extents differ along a dimension that pieces are not joined along. */
export function extentConflict(
  context: ConflictContext,
  a: number,
  b: number,
  dimension: number,
): HyperslabError {
  const name = publicName(context.group.dimensions[dimension]);
  const [sizeA, sizeB] = [a, b].map((piece) => String(context.pieces[piece].variable.shape[dimension]));
  return pieceConflict(context, a, b, {
    coordinate: name,
    a: sizeA,
    b: sizeB,
    text: `dimension ${name} has ${sizeA} and ${sizeB} elements, and no coordinate tells how to join them`,
    advice: `no option joins them: publish files of one length of ${name} at a time, or leave the variable out ("drop: [${publicName(context.group.path)}]" of an --overlay)`,
  });
}

/** Two groups of pieces are one parameter but for something that must not differ. */
export function traitConflict(
  name: string,
  difference: Difference,
  [file, otherFile]: readonly string[],
): HyperslabError {
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}": ${differenceText(difference, [file, otherFile])}; ${difference.advice}, or publish the files under two names`,
    {
      variable: name,
      attribute: difference.name,
      file,
      value: difference.a,
      other_file: otherFile,
      other_value: difference.b,
    },
  );
}

/** That the pieces `a` and `b` can't be one cube, why, and what would resolve it. */
export function pieceConflict(
  { group, pieces, files }: ConflictContext,
  a: number,
  b: number,
  what: { coordinate: string; a: string; b: string; text: string; advice: string },
): HyperslabError {
  const name = publicName(group.path);
  const [urlA, urlB] = [a, b].map((piece) => files[pieces[piece].file].url);
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}" of ${urlA} and ${urlB} can't be one cube: ${what.text}; ${what.advice}`,
    {
      variable: name,
      coordinate: what.coordinate,
      file: urlA,
      other_file: urlB,
      value: what.a,
      other_value: what.b,
    },
  );
}

/** Values of a coordinate of a piece for a person. */
export function describeValues({ contents, pieces }: ConflictContext, piece: number, link: number): string {
  return shortValues(contents, pieces[piece].contents[link]);
}
