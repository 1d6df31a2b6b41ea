import type { MaskedArray, RunLengths } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Plan, type Stage, StageKind } from '@hyperslab/proto/expression';
import { reducedGrid, reduceOf } from '../plan/plan-computation.ts';
import { type Geometry, stageGeometry } from '../plan/stage-geometry.ts';
import { inlineArray } from '../resolve/coordinate-data.ts';

/** A plan with what all its tasks need to know of it, computed once. */
export interface PreparedPlan {
  plan: Plan;
  /** For each reduction: the stage whose blocks are its values, and their grid. */
  made: Map<number, { stage: number; grid: RunLengths[] }>;
  geometries: Map<string, Geometry>;
  inline: Map<number, MaskedArray | undefined>;
}

const prepared = new WeakMap<Plan, PreparedPlan>();

/** The prepared form of a plan; the same for the same plan object. */
export function preparePlan(plan: Plan): PreparedPlan {
  let known = prepared.get(plan);
  if (known === undefined) {
    known = { plan, made: madeReductions(plan), geometries: new Map(), inline: new Map() };
    prepared.set(plan, known);
  }
  return known;
}

function madeReductions(plan: Plan): PreparedPlan['made'] {
  const made: PreparedPlan['made'] = new Map();
  plan.stages.forEach((stage, number) => {
    if (stage.finishes) made.set(stage.node, { stage: number, grid: valueGrid(plan, stage) });
  });
  return made;
}

/** Grid of the blocks that a stage makes. */
function valueGrid(plan: Plan, stage: Stage): RunLengths[] {
  if (stage.kind !== StageKind.STAGE_KIND_REDUCE_PARTIAL) return stage.blockGrid;
  return reducedGrid(plan.nodes[stage.node], stage.blockGrid);
}

/** The stage of that number and its task. Throws INVALID_ARGUMENT when the plan has none. */
export function stageOf({ plan }: PreparedPlan, number: number, task: number): Stage {
  const stage = plan.stages[number];
  if (stage !== undefined && Number.isSafeInteger(task) && task >= 0 && task < stage.tasks) return stage;
  throw new HyperslabError('INVALID_ARGUMENT', `plan has no task ${task} of stage ${number}`);
}

/** The nodes that the tasks of a stage evaluate: its own, or what it reduces with the other operands. */
export function evaluatedNodes({ plan }: PreparedPlan, stage: Stage): number[] {
  if (stage.kind === StageKind.STAGE_KIND_EVALUATE) return [stage.node];
  const { input, others } = reduceOf(plan.nodes[stage.node]);
  return [input, ...others];
}

/** Chunks and bytes of nodes that are evaluated together, for cutting tiles. */
export function geometryOf({ plan, made, geometries }: PreparedPlan, roots: readonly number[]): Geometry {
  const key = roots.join();
  let geometry = geometries.get(key);
  if (geometry === undefined) {
    const grids = new Map([...made].map(([number, { grid }]) => [number, grid]));
    geometry = stageGeometry(plan.nodes, plan.sources, roots, grids);
    geometries.set(key, geometry);
  }
  return geometry;
}

/** Values of a source that the plan carries; undefined when they are in chunks. */
export function inlineSource({ plan, inline }: PreparedPlan, source: number): MaskedArray | undefined {
  if (!inline.has(source)) inline.set(source, inlineArray(plan.sources[source].variable!));
  return inline.get(source);
}
