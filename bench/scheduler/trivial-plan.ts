import { Plan, StageKind } from '@hyperslab/proto/expression';

/**
 * A plan of so many tasks that each multiply one number, which the plan itself has. Planning never makes such tasks: it
 * gives each megabytes.
 */
export function trivialPlan(tasks: number): Plan {
  const data = Buffer.from(Float64Array.of(1.5).buffer);
  const range = { start: 0, count: 1, step: 1 };
  return Plan.fromPartial({
    sources: [
      {
        variable: {
          name: 'x',
          dtype: 'float64',
          dimensions: ['one'],
          shape: [1],
          data: { $case: 'inlineValues', value: { dtype: 'float64', shape: [1], data } },
        },
      },
    ],
    nodes: [
      {
        dtype: 'float64',
        dimensions: ['one'],
        shape: [1],
        kind: { $case: 'read', value: { source: 0, ranges: [range], droppedDimensions: [] } },
      },
      { dtype: 'float64', kind: { $case: 'constant', value: 2 } },
      {
        dtype: 'float64',
        dimensions: ['task', 'one'],
        shape: [tasks, 1],
        kind: { $case: 'call', value: { function: '*', arguments: [0, 1] } },
      },
    ],
    stages: [
      {
        kind: StageKind.STAGE_KIND_EVALUATE,
        node: 2,
        tasks,
        blockGrid: [
          { sizes: [1], counts: [tasks] },
          { sizes: [1], counts: [1] },
        ],
      },
    ],
    result: { name: 'trivial', dtype: 'float64', dimensions: ['task', 'one'], shape: [tasks, 1] },
  });
}
