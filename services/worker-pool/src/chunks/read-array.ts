import { HyperslabError } from '@hyperslab/errors';
import type { Variable } from '@hyperslab/proto/cube';
import type { ArrayFrame, ReadArrayRequest } from '@hyperslab/proto/worker';
import type { CallContext } from '@hyperslab/rpc';
import type { ThreadPool } from '../threads/thread-pool.ts';
import { arrayFrames } from './block-frames.ts';
import type { CatalogVariables } from './catalog-variables.ts';

/** Values that are read and held at once for one reader, bytes; a few of these are on their way. */
const slabBytes = 4 * 2 ** 20;
const none = Buffer.alloc(0);

/** A hyperslab of a stored variable in row-major order, as blocks of consecutive elements. */
export async function* readArray(
  threads: ThreadPool,
  variables: CatalogVariables,
  request: ReadArrayRequest,
  { caller, signal }: CallContext,
): AsyncGenerator<ArrayFrame> {
  const named = await resolveVariable(variables, request, caller, signal);
  const { variable } = named;
  const dropped = new Set(request.selection?.droppedDimensions ?? []);
  const ranges = request.selection?.ranges ?? [];
  checkRanges(variable, ranges.length, dropped);
  const counts = ranges.length > 0 ? ranges.map(({ count }) => count) : variable.shape;
  for (const axis of dropped) {
    if (counts[axis] === 1) continue;
    throw invalid(variable, `dimension ${axis} can't be dropped: its range has ${counts[axis]} indices`);
  }
  const keep = <T>(values: readonly T[]) => values.filter((_, axis) => !dropped.has(axis));
  const dtype = request.stored && variable.storedDtype !== '' ? variable.storedDtype : variable.dtype;
  const header = { dtype, shape: keep(counts), held: false };
  yield { header, data: none, mask: none };
  let block = 0;
  for await (const slab of threads.readArray(named, slabBytes, signal)) {
    const { origin, shape, data, mask } = slab;
    const place = { block: block++, origin: keep(origin), shape: keep(shape) };
    yield* arrayFrames(
      { ...place, dataBytes: data.length, masked: mask.length > 0, kernelVersion: '' },
      data,
      mask,
    );
  }
}

async function resolveVariable(
  variables: CatalogVariables,
  request: ReadArrayRequest,
  caller: string,
  signal: AbortSignal,
): Promise<ReadArrayRequest & { variable: Variable }> {
  const { variable, selection } = request;
  if (variable !== undefined) return { ...request, variable };
  if (selection === undefined) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      'read array: expected a selection, or a variable and its manifest',
    );
  }
  return { ...request, ...(await variables.find(selection.dataset, selection.variable, caller, signal)) };
}

function checkRanges(variable: Variable, ranges: number, dropped: ReadonlySet<number>): void {
  const rank = variable.shape.length;
  if (ranges !== 0 && ranges !== rank) {
    throw invalid(variable, `expected ${rank} index ranges, one for each dimension, found ${ranges}`);
  }
  for (const axis of dropped)
    if (axis >= rank) throw invalid(variable, `there is no dimension ${axis} to drop`);
}

function invalid({ name }: Variable, problem: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `"${name}": ${problem}`, { variable: name });
}
