import { elementCount } from '@hyperslab/array';
import type { PlanNode } from '@hyperslab/proto/expression';
import { ruleOf } from '../operations/block-rules.ts';
import { isOneBlock } from '../plan/choose-grid.ts';
import { fusedInputs } from '../plan/fused-reads.ts';
import type { Box } from './box.ts';
import { isChained } from './chains.ts';
import { isConstant } from './constants.ts';
import { alignedParts, evaluatedParts } from './leaves.ts';
import { geometryOf, type PreparedPlan } from './prepared-plan.ts';
import type { TileUse } from './stage-tiles.ts';
import { partElements, partsOfBox } from './tile-parts.ts';

/** Of a tile that is computed whole, elements at most of what a chain of functions makes, which keeps nothing on its way. */
const chainedElements = 2 ** 18;
/** And of all that is made for it, which stays until the tile is done. */
const mostMade = 8 * chainedElements;

/** Shapes that are remembered. */
const mostShapes = 256;

/** What is known of the tiles of a shape. */
interface TileShape {
  /** Bytes of decoded input, or of output if that is more. */
  bytes: number;
  /** The parts of a tile at the origin, or that it is computed whole; undefined before any was cut. */
  parts?: readonly Box[] | 'whole';
}

/** What of the tiles of a stage is computed at a time. Tiles have few shapes, and those of one shape are cut alike. */
export class TileCuts {
  readonly #prepared: PreparedPlan;
  readonly #roots: readonly number[];
  readonly #use: TileUse;
  readonly #inParts: boolean;
  readonly #grows: boolean;
  readonly #known = new Map<string, TileShape>();
  /** What was asked for last, mostly the same again. */
  #last?: { shape: readonly number[]; known: TileShape };

  constructor(prepared: PreparedPlan, roots: readonly number[], use: TileUse) {
    this.#prepared = prepared;
    this.#roots = roots;
    this.#use = use;
    this.#inParts = isComputedInParts(prepared.plan.nodes, roots);
    this.#grows = geometryOf(prepared, roots).grows;
  }

  /** The parts of a tile, in row-major order; the very box of one that is computed whole. */
  partsOf(box: Box): readonly Box[] {
    if (!this.#inParts) return [box];
    const known = this.#shapeOf(box.shape);
    known.parts ??= this.#cut(box);
    if (known.parts === 'whole') return [box];
    return known.parts.map(({ origin, shape }) => ({
      origin: origin.map((at, axis) => at + box.origin[axis]),
      shape,
    }));
  }

  /** Bytes of decoded input of a tile, or of output if that is more. */
  bytesOf(shape: readonly number[]): number {
    return this.#shapeOf(shape).bytes;
  }

  /** Whether a block of this shape is one tile, as far as that is told without its grid. */
  isOneTile(shape: readonly number[], tileBytes: number): boolean {
    return this.#grows && elementCount(shape) > 0 && isOneBlock(this.bytesOf(shape), tileBytes);
  }

  #shapeOf(shape: readonly number[]): TileShape {
    if (this.#last?.shape === shape) return this.#last.known;
    const key = shape.join();
    let known = this.#known.get(key);
    if (known === undefined) {
      known = { bytes: geometryOf(this.#prepared, this.#roots).bytes(shape) };
      if (this.#known.size === mostShapes) this.#known.clear();
      this.#known.set(key, known);
    }
    this.#last = { shape, known };
    return known;
  }

  #cut(box: Box): readonly Box[] | 'whole' {
    const { whole } = geometryOf(this.#prepared, this.#roots);
    const parts = [...partsOfBox({ origin: box.shape.map(() => 0), shape: box.shape }, whole)];
    const isWhole = this.#use.isAlike(box.shape, parts[0].shape) && this.#makesLittle(box);
    return isWhole ? 'whole' : parts;
  }

  /** Whether what functions and operations make for a tile is about as large as what the second-level cache of a core holds. */
  #makesLittle(box: Box): boolean {
    const { nodes } = this.#prepared.plan;
    const isKnown = (node: number) => isConstant(this.#prepared, node);
    let made = 0;
    for (const part of evaluatedParts(nodes, alignedParts(nodes, this.#roots, box), isKnown)) {
      const count = elementCount(part.box.shape);
      made += count;
      if (made > mostMade || count > (isChained(nodes, part.node) ? chainedElements : partElements))
        return false;
    }
    return true;
  }
}

/** Whether a part of a tile costs as much as it has of the tile: operations may need more than that of their inputs. */
function isComputedInParts(nodes: readonly PlanNode[], roots: readonly number[]): boolean {
  if (roots.every((root) => nodes[root].kind?.$case !== 'call')) return false;
  return fusedInputs(nodes, roots).operations.every((number) => {
    const { kind } = nodes[number];
    return kind?.$case === 'operation' && ruleOf(kind.value).rule.inParts === true;
  });
}
