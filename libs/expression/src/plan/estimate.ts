import type { Plan } from '@hyperslab/proto/expression';
import { widthOf } from './stage-geometry.ts';

/** What a computation costs, before it is done. */
export interface Estimate {
  /** Bytes of decoded source values that are read; a part that is read twice counts once. */
  sourceBytes: number;
  resultBytes: number;
  tasks: number;
}

/** The cost of a plan. */
export function estimate({ nodes, sources, stages, result }: Plan): Estimate {
  const sourceBytes = nodes.reduce((sum, { kind }) => {
    if (kind?.$case !== 'read') return sum;
    const elements = kind.value.ranges.reduce((product, { count }) => product * count, 1);
    return sum + elements * widthOf(sources[kind.value.source].variable!.dtype);
  }, 0);
  const elements = result!.shape.reduce((product, length) => product * length, 1);
  return {
    sourceBytes,
    resultBytes: elements * widthOf(result!.dtype),
    tasks: stages.reduce((sum, stage) => sum + stage.tasks, 0),
  };
}
