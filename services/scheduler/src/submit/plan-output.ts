import { type DataType, elementCount } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ResolvedExpression } from '@hyperslab/expression';
import type { Dataset } from '@hyperslab/proto/cube';
import { Plan, type ResultDescription, type Stage, StageKind } from '@hyperslab/proto/expression';
import type { OutputRequest } from '@hyperslab/proto/scheduler';
import { assertChunksKnown, chunksAlign, chunksOf } from '@hyperslab/results/chunks';
import { checkedPlan } from './checked-plan.ts';
import { coordinateSources } from './coordinate-sources.ts';

/**
 * Has the workers write what a computation makes to a Zarr store, each its blocks as it makes them. What comes out is then how
 * many values are missing, and how many of the others are NaN.
 * @param datasets those that it reads, for coordinates that are too large to be in the plan
 * @throws HyperslabError NOT_COMPUTABLE for texts, INVALID_ARGUMENT for chunks that lie in two blocks
 */
export function planOutput(plan: Plan, output: OutputRequest, datasets: readonly Dataset[]): Plan {
  const { result } = plan;
  const last = plan.stages.length - 1;
  if (result === undefined || result.dtype === 'string' || result.dtype === 'char')
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `${output.url}: workers write numbers, and "${result?.name}" is text; write it without --on-workers`,
    );
  if (output.url === '' || output.encoding === undefined)
    throw new HyperslabError('INVALID_ARGUMENT', 'output: expected a URL and an encoding');
  const { url, variable, encoding, fillValue, history, overwrite } = output;
  const chunkShape = chunksFor(result, output);
  const stages = plan.stages.slice();
  const evaluates = stages[last].kind === StageKind.STAGE_KIND_EVALUATE;
  // A stage that evaluates writes what it makes: nothing of it has to be held until all is there.
  const writes: Partial<Stage> = evaluates ? (stages.pop() as Stage) : { inputs: [last], fanIn: 1 };
  const begin = stages.length;
  const { tasks } = plan.stages[last];
  return Plan.fromPartial({
    ...plan,
    sources: [...plan.sources, ...coordinateSources(result, datasets)],
    result: figures,
    stages: [
      ...stages,
      { kind: StageKind.STAGE_KIND_BEGIN_OUTPUT, tasks: 1 },
      { ...writes, kind: StageKind.STAGE_KIND_WRITE_CHUNKS, tasks, inputs: [...writes.inputs!, begin] },
      { kind: StageKind.STAGE_KIND_FINISH_OUTPUT, tasks: 1, inputs: [begin + 1] },
    ],
    output: { url, result, variable, encoding, chunkShape, fillValue, history, overwrite },
  });
}

/**
 * The plan of a computation whose result is written: where its blocks would cut through chunks that were asked for, one that makes
 * blocks of whole chunks.
 * @throws HyperslabError TOO_LARGE for chunks that a task can't hold
 */
export function planInChunks(resolved: ResolvedExpression, plan: Plan, { chunks }: OutputRequest): Plan {
  const { result } = plan;
  if (result === undefined || elementCount(result.shape) === 0) return plan;
  if (!result.dimensions.some((name) => Object.hasOwn(chunks, name))) return plan;
  const chunk = chunksOf(result, chunks);
  if (chunksAlign(chunk, result.shape, result.blockGrid)) return plan;
  return checkedPlan(resolved, { chunkShape: chunk });
}

/** What is told of a store: two counts. */
const figures: ResultDescription = {
  name: 'figures of a store',
  dtype: 'int64' satisfies DataType,
  units: '',
  dimensions: ['figure'],
  shape: [2],
  coordinates: [],
  attributes: [],
  blockGrid: [{ sizes: [2], counts: [1] }],
};

function chunksFor(result: ResultDescription, output: OutputRequest): number[] {
  const { name, dimensions, shape, blockGrid } = result;
  assertChunksKnown(output.chunks, dimensions);
  const chunk = chunksOf(result, output.chunks);
  if (elementCount(shape) === 0 || chunksAlign(chunk, shape, blockGrid)) return chunk;
  const blocks = blockGrid.map(({ sizes }) => [...new Set(sizes)].join(' and ')).join(', ');
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `${output.url}: chunks [${chunk.join(', ')}] of "${name}" would lie across the blocks that workers make, of [${blocks}]; choose chunks that divide them, or write it without --on-workers`,
  );
}
