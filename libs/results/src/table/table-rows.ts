import { type MaskedArray, ravel } from '@hyperslab/array';
import { Filling } from '../cf/fill.ts';
import { chunkShape } from '../rechunk/choose-chunks.ts';
import { type Chunk, rechunk } from '../rechunk/rechunk.ts';
import type { NamedResult } from '../save-options.ts';

/** Consecutive rows of a table: values of each result. */
export interface TableRows {
  firstRow: number;
  rows: number;
  values: MaskedArray[];
}

/**
 * Results of one grid as rows, in row-major order, at most so many at a time.
 * @param fillings count what is missing
 */
export async function* tableRows(
  results: readonly NamedResult[],
  fillings: readonly Filling[],
  mostRows: number,
  scratchBeside: string,
): AsyncGenerator<TableRows> {
  const streams: AsyncGenerator<Chunk>[] = results.map(({ result }) => {
    const { dtype, shape } = result.head;
    return rechunk(result.blocks(), {
      dtype,
      shape,
      chunk: chunkShape(shape, mostRows),
      inOrder: true,
      scratchBeside,
    });
  });
  try {
    for (;;) {
      const chunks: Chunk[] = [];
      for (const [i, stream] of streams.entries()) {
        const { value, done } = await stream.next();
        if (done) return;
        fillings[i].take(value);
        chunks.push(value);
      }
      const [{ origin, values }] = chunks;
      yield { firstRow: ravel(origin, results[0].result.head.shape), rows: values.length, values: chunks };
    }
  } finally {
    for (const stream of streams) await stream.return(undefined);
  }
}

/** Counts of each result. */
export function fillingsOf(results: readonly NamedResult[]): Filling[] {
  return results.map(({ name, result }) => new Filling(name ?? result.head.name, result.head.dtype));
}
