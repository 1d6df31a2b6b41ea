import { publicName } from '../cf/names.ts';
import type { ChunkLog } from './chunk-log.ts';
import type { FileGrid } from './file-grid.ts';
import type { Notes } from './notes.ts';
import type { Piece, PieceGroup } from './piece.ts';

/**
 * The first of the pieces that files on a grid are likely to repeat, and that are too large to be compared: a mask or
 * the heights of a large grid. All that is known of them must be equal, the lengths of their chunks included; what
 * differs is compressed to other lengths. Undefined when that is not so.
 */
export function keptUncompared(
  { path, isConstant }: PieceGroup,
  pieces: readonly Piece[],
  grids: readonly FileGrid[],
  chunks: ChunkLog,
  notes: Notes,
): Piece | undefined {
  const [first] = pieces;
  const key = knownOf(first, chunks);
  const alike = isConstant && pieces.every((piece) => piece.own < 0 && knownOf(piece, chunks) === key);
  if (!alike || !grids.some(({ cellOf }) => pieces.every(({ file }) => cellOf.has(file)))) return undefined;
  notes.add(
    publicName(path),
    first.variable.notComputable === ''
      ? `taken from the first of ${pieces.length} files; it is too large to be compared with the others, which are alike in type, shape, attributes and lengths of chunks`
      : `described from the first of ${pieces.length} files`,
  );
  return first;
}

/** All that is known of a piece without reading it. */
function knownOf({ variable, chunks, attributesKey, contents }: Piece, log: ChunkLog): string {
  const { dtype, shape, layout, minimum, maximum } = variable;
  const lengths = chunks === undefined ? undefined : log.get(chunks).lengths;
  return JSON.stringify([dtype, shape, layout, lengths, attributesKey, contents, minimum, maximum]);
}
