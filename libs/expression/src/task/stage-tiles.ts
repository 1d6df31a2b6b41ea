import { type Stage, StageKind } from '@hyperslab/proto/expression';
import { evaluatedNodes, type PreparedPlan } from './prepared-plan.ts';
import { tilesOfReduction } from './reduce-block.ts';
import { TileCuts } from './tile-cuts.ts';

/** What is done with the tiles of a stage. */
export interface TileUse {
  /** Whether it makes no difference, not even in the last bit, that a tile comes whole instead of in parts of these extents. */
  isAlike(shape: readonly number[], partShape: readonly number[]): boolean;
  /** Dimensions along which tiles are added up: those of the same cells follow each other, in order, while the cells are in the cache of a core. */
  reduced: readonly number[];
}

/** How the tasks of a stage go through the tiles of their blocks: the same for all of them. */
export interface StageTiles {
  /** Nodes that are evaluated together; boxes are of the first. */
  roots: readonly number[];
  reduced: readonly number[];
  cuts: TileCuts;
}

/** Values that go to places of their own. */
const anyTiles: TileUse = { isAlike: () => true, reduced: [] };

/** The tiles of an EVALUATE, EXCHANGE or REDUCE_PARTIAL stage. */
export function tilesOf(prepared: PreparedPlan, stage: Stage): StageTiles {
  let tiles = prepared.tiles.get(stage);
  if (tiles === undefined) {
    const roots = evaluatedNodes(prepared, stage);
    const isReduced = stage.kind === StageKind.STAGE_KIND_REDUCE_PARTIAL;
    const use = isReduced ? tilesOfReduction(prepared, stage) : anyTiles;
    tiles = { roots, reduced: use.reduced, cuts: new TileCuts(prepared, roots, use) };
    prepared.tiles.set(stage, tiles);
  }
  return tiles;
}
