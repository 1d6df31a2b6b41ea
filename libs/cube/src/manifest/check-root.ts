import { cellCount, elementCount, gridShape, isFixedWidth, runsExtent } from '@hyperslab/array';
import type { ManifestArray, ManifestRoot, PageRef } from '@hyperslab/proto/manifest';

// Nothing that was written has more dimensions; what claims to would make us build very long lists.
const mostDimensions = 64;

/** Why a root can't be one that was written, as "expected" and "found"; undefined when it can. `end` is where pages must end. */
export function rootFault(root: ManifestRoot, end: number): { expected: string; found: string } | undefined {
  for (const layout of root.layouts) {
    if (!layout.chunkShape.every((extent) => extent >= 1))
      return { expected: 'chunk extents of at least 1', found: `[${layout.chunkShape.join(', ')}]` };
    if (layout.storedDtype !== 'string' && !isFixedWidth(layout.storedDtype))
      return { expected: 'a data type', found: `"${layout.storedDtype}"` };
  }
  if (root.objectsPerPage < 1) return { expected: 'at least 1 object in a page', found: '0' };
  return (
    pagesFault(root.objectPages, root.objectsPerPage, end) ??
    root.arrays.map((array) => arrayFault(array, end)).find((fault) => fault !== undefined)
  );
}

function arrayFault(array: ManifestArray, end: number): { expected: string; found: string } | undefined {
  const { shape, pieceGrid, piecePages, chunkPages } = array;
  if (shape.length > mostDimensions || pieceGrid.length !== shape.length)
    return { expected: `a piece grid of ${shape.length} dimensions`, found: `${pieceGrid.length}` };
  for (const [axis, runs] of pieceGrid.entries()) {
    const plain = runs.sizes.length === runs.counts.length && runs.counts.every((count) => count >= 1);
    if (!plain || runsExtent(runs) !== shape[axis])
      return {
        expected: `pieces that fill ${shape[axis]} elements`,
        found: plain ? `${runsExtent(runs)}` : 'a broken run',
      };
    if (!Number.isSafeInteger(cellCount(runs))) return { expected: 'less than 2^53 pieces', found: 'more' };
  }
  if (array.piecesPerPage < 1 || array.chunksPerPage < 1)
    return { expected: 'at least 1 row in a page', found: '0' };
  const fault =
    pagesFault(piecePages, array.piecesPerPage, end) ?? pagesFault(chunkPages, array.chunksPerPage, end);
  if (fault !== undefined) return fault;
  let pieces: number;
  try {
    elementCount(shape);
    pieces = elementCount(gridShape(pieceGrid));
  } catch {
    return { expected: 'less than 2^53 elements', found: `[${shape.join(', ')}]` };
  }
  const rows = piecePages.reduce((sum, page) => sum + page.rows, 0);
  return rows === pieces ? undefined : { expected: `${pieces} pieces`, found: `${rows}` };
}

function pagesFault(
  pages: readonly PageRef[],
  perPage: number,
  end: number,
): { expected: string; found: string } | undefined {
  for (const [i, { offset, length, rows }] of pages.entries()) {
    if (offset + length > end)
      return { expected: `a page that ends before ${end}`, found: `${offset + length}` };
    const full = i < pages.length - 1;
    if (rows > perPage || rows < 1 || (full && rows !== perPage))
      return { expected: `${full ? '' : 'at most '}${perPage} rows in a page`, found: `${rows}` };
  }
  return undefined;
}
