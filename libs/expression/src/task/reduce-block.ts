import { elementCount, type MaskedArray, type NumericType } from '@hyperslab/array';
import {
  type Allocator,
  isAddedAlike,
  openRegion,
  type PartialReduction,
  reductionKind,
} from '@hyperslab/kernels';
import type { PlanGrouping, Stage } from '@hyperslab/proto/expression';
import { groupStarts, groupsOfBlocks, groupsWithin } from '../plan/groupings.ts';
import { reduceOf } from '../plan/plan-computation.ts';
import type { Box } from './box.ts';
import { countsOf, partsOfTile, takePart } from './group-tile.ts';
import { evaluatedNodes, type PreparedPlan } from './prepared-plan.ts';
import type { TileUse } from './stage-tiles.ts';
import type { Tile } from './tiles.ts';

/** A reduction of one block of its input, to which tiles are added. */
export interface BlockReduction {
  partial: PartialReduction;
  add(tile: Tile): void;
}

/** Begins the partial result of a block. */
export function beginBlock(
  prepared: PreparedPlan,
  stage: Stage,
  block: Box,
  memory: Allocator,
): BlockReduction {
  const { operation, axes, parameters, groupings } = reduceOf(prepared.plan.nodes[stage.node]);
  const grouped = groupings.map((grouping) => groupsOf(grouping, stage, block));
  const kept = [...block.shape.keys()].filter((axis) => !axes.includes(axis));
  const groupOf = (axis: number) => grouped.find(({ grouping }) => grouping.axis === axis);
  const shape = kept.map((axis) => groupOf(axis)?.counts.length ?? block.shape[axis]);
  const partial = reductionKind(operation).create({
    ...typesOf(prepared, stage),
    shape,
    total: totalOf(
      axes.reduce((product, axis) => product * block.shape[axis], 1),
      kept.map((axis) => groupOf(axis)?.counts),
      shape,
    ),
    parameters: parametersOf(parameters),
    memory,
  });
  const places = placesOfOthers(prepared, stage);
  const cell = (box: Box) => kept.map((axis) => box.origin[axis] - block.origin[axis]);
  const plain = ({ box, array, others: operands }: Tile) => {
    const aligned = operands.map((other, i) => ({ array: other, axes: places[i] }));
    partial.add({ ...array, shape: box.shape }, aligned, axes, cell(box), box.origin);
  };
  if (grouped.length === 0) return { partial, add: plain };
  const { answersPlaces: oneByOne = false } = reductionKind(operation);
  return {
    partial,
    add: (tile) => addGrouped(partial, tile, { axes, kept, grouped, places, cell: cell(tile.box), oneByOne }),
  };
}

/** What the blocks of a reduction do with their tiles. */
export function tilesOfReduction(prepared: PreparedPlan, stage: Stage): TileUse {
  const { operation, axes, groupings } = reduceOf(prepared.plan.nodes[stage.node]);
  // Parts are cut once more, by groups.
  if (groupings.length > 0)
    return { isAlike: () => false, reduced: [...axes, ...groupings.map(({ axis }) => axis)] };
  const { addsBy } = reductionKind(operation);
  const others = placesOfOthers(prepared, stage);
  const isAlike: TileUse['isAlike'] = (shape, partShape) =>
    isAddedAlike(addsBy, { shape, partShape, axes, others });
  return { isAlike, reduced: axes };
}

/** Dimensions of what is reduced that the other operands have. */
function placesOfOthers(prepared: PreparedPlan, stage: Stage): number[][] {
  const { nodes } = prepared.plan;
  const [input, ...others] = evaluatedNodes(prepared, stage);
  return others.map((other) => nodes[other].dimensions.map((name) => nodes[input].dimensions.indexOf(name)));
}

interface Grouped {
  grouping: PlanGrouping;
  /** The first group of the block's cells. */
  first: number;
  /** How many indices of the block each group has. */
  counts: number[];
}

/** Groups along a dimension of a block: its own, or all where blocks cut through groups. */
function groupsOf(grouping: PlanGrouping, stage: Stage, block: Box): Grouped {
  const { axis, groups } = grouping;
  const start = block.origin[axis];
  const end = start + block.shape[axis];
  const isCut = groupsOfBlocks(grouping, stage.blockGrid[axis]) === undefined;
  const [first, last] = isCut ? [0, groups] : groupsWithin(groupStarts(grouping)!, start, end);
  return { grouping, first, counts: countsOf(grouping, start, end, first, last) };
}

/** How many elements cells are made of: of each dimension that stays in groups, as many as the group has indices. */
function totalOf(
  each: number,
  counts: readonly (readonly number[] | undefined)[],
  shape: readonly number[],
): number | Float64Array {
  const isEven = counts.every((list) => list === undefined || list.every((count) => count === list[0]));
  if (isEven) return counts.reduce((product, list) => product * (list?.[0] ?? 1), each);
  const totals = new Float64Array(elementCount(shape)).fill(each);
  let inner = totals.length;
  shape.forEach((extent, axis) => {
    inner /= extent;
    const list = counts[axis];
    if (list === undefined) return;
    for (let cell = 0; cell < totals.length; cell++) totals[cell] *= list[Math.floor(cell / inner) % extent];
  });
  return totals;
}

interface GroupedPlace {
  axes: readonly number[];
  kept: readonly number[];
  grouped: readonly Grouped[];
  /** Dimensions of the tile that other operands have. */
  places: readonly (readonly number[])[];
  /** Cell of the tile's first element, by the dimensions that stay, without regard to groups. */
  cell: readonly number[];
  /** Groups are added one by one. */
  oneByOne: boolean;
}

function addGrouped(
  partial: PartialReduction,
  { box, array, others }: Tile,
  { axes, kept, grouped, places, cell, oneByOne }: GroupedPlace,
): void {
  const groupings = grouped.map(({ grouping }) => grouping);
  const cut = groupings.map(({ axis }) => axis);
  const whole: MaskedArray = { ...array, shape: box.shape };
  // A grouped dimension becomes two, of which the second is reduced.
  const placeOf = (axis: number) => axis + cut.filter((each) => each < axis).length;
  const all = [...box.shape.keys()];
  const reduced = all.filter((axis) => axes.includes(axis)).map(placeOf);
  const within = cut.map((axis) => placeOf(axis) + 1);
  const reducedAxes = [...reduced, ...within].sort((a, b) => a - b);
  for (const part of partsOfTile(groupings, box.origin, box.shape, oneByOne)) {
    using memory = openRegion();
    const operands = others.map((other, i) => ({
      array: takePart(other, places[i], part, cut, memory),
      axes: places[i].flatMap((axis) =>
        cut.includes(axis) ? [placeOf(axis), placeOf(axis) + 1] : [placeOf(axis)],
      ),
    }));
    const origin = kept.map((axis, i) => {
      const number = cut.indexOf(axis);
      return number < 0 ? cell[i] : part.segments[number].group - grouped[number].first;
    });
    const start = all.flatMap((axis) => {
      const first = box.origin[axis] + part.origin[axis];
      return cut.includes(axis) ? [0, first] : [first];
    });
    partial.add(takePart(whole, all, part, cut, memory), operands, reducedAxes, origin, start);
  }
}

/** Types of what the tasks of a reduction evaluate. */
export function typesOf(
  prepared: PreparedPlan,
  stage: Stage,
): { dtype: NumericType; otherTypes: NumericType[] } {
  const types = evaluatedNodes(prepared, stage).map((node) => prepared.plan.nodes[node].dtype as NumericType);
  return { dtype: types[0], otherTypes: types.slice(1) };
}

/** Parameters of a reduction from the text that a plan has for them. */
export function parametersOf(text: string): Record<string, unknown> {
  return text === '' ? {} : JSON.parse(text);
}
