import type { MaskedArray, RunLengths } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Plan, type Stage, StageKind } from '@hyperslab/proto/expression';
import { reducedGrid, reduceOf } from '../plan/plan-computation.ts';
import { type Geometry, stageGeometry } from '../plan/stage-geometry.ts';
import { inlineArray } from '../resolve/coordinate-data.ts';
import type { StageTiles } from './stage-tiles.ts';

/** The stage that makes the values of a node, and the grid of its blocks; of an exchange also where these are cut into parts. */
interface MadeBy {
  stage: number;
  grid: RunLengths[];
  partGrid?: RunLengths[];
}

/** A plan with what all its tasks need to know of it, computed once. */
export interface PreparedPlan {
  plan: Plan;
  /** For each reduction and exchange: the stage whose blocks are its values. */
  made: Map<number, MadeBy>;
  geometries: Map<string, Geometry>;
  /** How the tasks of stages go through their tiles, of those that were asked for. */
  tiles: Map<Stage, StageTiles>;
  inline: Map<number, MaskedArray | undefined>;
  /** Values of constant nodes, of those that were asked for, and how many elements all of them have. */
  constants: { values: Map<number, MaskedArray | 'none' | 'later'>; elements: number };
}

const prepared = new WeakMap<Plan, PreparedPlan>();

/** The prepared form of a plan; the same for the same plan object. */
export function preparePlan(plan: Plan): PreparedPlan {
  let known = prepared.get(plan);
  if (known === undefined) {
    known = {
      plan,
      made: madeNodes(plan),
      geometries: new Map(),
      tiles: new Map(),
      inline: new Map(),
      constants: { values: new Map(), elements: 0 },
    };
    prepared.set(plan, known);
  }
  return known;
}

function madeNodes(plan: Plan): PreparedPlan['made'] {
  const made: PreparedPlan['made'] = new Map();
  plan.stages.forEach((stage, number) => {
    if (stage.kind === StageKind.STAGE_KIND_EXCHANGE)
      made.set(stage.node, { stage: number, grid: stage.blockGrid, partGrid: stage.partGrid });
    else if (stage.finishes) made.set(stage.node, { stage: number, grid: valueGrid(plan, stage) });
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

/** The nodes that the tasks of a stage evaluate: its own, what it exchanges, or what it reduces with the other operands. */
export function evaluatedNodes({ plan }: PreparedPlan, stage: Stage): number[] {
  if (stage.kind === StageKind.STAGE_KIND_EVALUATE) return [stage.node];
  const node = plan.nodes[stage.node];
  if (node.kind?.$case === 'exchange') return [node.kind.value.input];
  const { input, others } = reduceOf(node);
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
