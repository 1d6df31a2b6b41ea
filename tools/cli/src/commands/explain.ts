import { formatByteSize } from '@hyperslab/config';
import { type StageKind, stageKindToJSON } from '@hyperslab/proto/expression';
import type { Context } from '../context.ts';
import { openNamed } from '../open-named.ts';
import { textTable } from '../output/text-table.ts';

/** Shows what an expression would read and do. */
export async function explain(context: Context, [reference, expression]: string[]): Promise<void> {
  const client = await context.client();
  const { signal } = context;
  const dataset = await openNamed(client, reference, signal);
  const plan = await dataset.expression(expression).explain({ signal });
  const { dtype = '', units = '', dimensions = [], shape = [] } = plan.result ?? {};
  const stages = plan.stages.map(({ kind, tasks, inputs }) => ({ kind: kindName(kind), tasks, inputs }));
  const answer = {
    expression: plan.expression,
    result: { dtype, units, dimensions, shape },
    stages,
    source_bytes: plan.sourceBytes,
    result_bytes: plan.resultBytes,
    moved_bytes: plan.movedBytes,
    task_bytes: plan.taskBytes,
    kept_job: plan.keptJob,
  };
  context.print(answer, () => {
    const extents = dimensions.map((dimension, axis) => `${dimension}: ${shape[axis]}`).join('; ');
    return [
      plan.expression,
      `makes ${dtype} (${extents})${units ? ` in ${units}` : ''}, ${formatByteSize(plan.resultBytes)}`,
      plan.keptJob === ''
        ? `reads ${formatByteSize(plan.sourceBytes)} of decoded values`
        : `reads ${formatByteSize(plan.sourceBytes)} of what job ${plan.keptJob} has computed`,
      `moves about ${formatByteSize(plan.movedBytes)} between workers; the largest task takes about ${formatByteSize(plan.taskBytes)}`,
      '',
      textTable(
        ['stage', 'does', 'tasks', 'reads stages'],
        stages.map(({ kind, tasks, inputs }, number) => [number, kind, tasks, inputs.join(', ')]),
      ),
    ].join('\n');
  });
}

/** "reduce partial" of STAGE_KIND_REDUCE_PARTIAL. */
function kindName(kind: StageKind): string {
  return stageKindToJSON(kind).replace('STAGE_KIND_', '').replaceAll('_', ' ').toLowerCase();
}
