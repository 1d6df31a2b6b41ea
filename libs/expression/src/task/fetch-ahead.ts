import { openRegion, type Region } from '@hyperslab/kernels';
import type { Box } from './box.ts';
import { tileLeaves } from './constants.ts';
import { alignedParts } from './leaves.ts';
import { type BlockCache, fetchLeaf, heldLeaf } from './load-leaf.ts';
import type { Leaf } from './part-map.ts';
import type { PreparedPlan } from './prepared-plan.ts';
import type { StageTiles } from './stage-tiles.ts';
import type { DecodeSource, TaskIo } from './task-io.ts';

/** Bytes, decoded, of tiles that are being fetched while one is computed: enough to hide the latency of an object store. */
export const aheadBytes = 16 * 2 ** 20;
const mostAhead = 16;

/** A tile on its way, and where what is fetched for it lies. */
export interface FetchedTile {
  box: Box;
  bytes: number;
  leaves: Leaf[];
  /** One for each leaf, when all of them are there. */
  decoders: DecodeSource[] | Promise<DecodeSource[]>;
  /** All is there, or will not come. */
  settled: boolean;
  /** Absent where nothing is fetched. */
  memory?: Region;
}

/** Fetches tiles in order, as they are stored, some ahead of the one that is computed. */
export class FetchAhead {
  readonly #prepared: PreparedPlan;
  readonly #stage: StageTiles;
  readonly #boxes: Iterator<Box>;
  readonly #io: TaskIo;
  readonly #cache: BlockCache = new Map();
  readonly #tiles: FetchedTile[] = [];
  #bytes = 0;

  constructor(prepared: PreparedPlan, stage: StageTiles, boxes: Iterator<Box>, io: TaskIo) {
    this.#prepared = prepared;
    this.#stage = stage;
    this.#boxes = boxes;
    this.#io = io;
  }

  /** The tile that is next to be computed, and those behind it as far as there is room; undefined behind the last. */
  first(): FetchedTile | undefined {
    this.#fetchMore();
    return this.#tiles.at(0);
  }

  /** The first tile is computed: what was fetched for it is freed. */
  shift(): void {
    const tile = this.#tiles.shift();
    if (tile === undefined) return;
    this.#bytes -= tile.bytes;
    tile.memory?.release();
  }

  /** Frees all, each tile when nothing is written to its memory any more. */
  close(): void {
    for (const { decoders, memory } of this.#tiles.splice(0)) {
      const release = () => memory?.release();
      if (decoders instanceof Promise) decoders.then(release, release);
    }
  }

  #fetchMore(): void {
    const tiles = this.#tiles;
    while (tiles.length < 2 || (this.#bytes < aheadBytes && tiles.length < mostAhead)) {
      const next = this.#boxes.next();
      if (next.done) return;
      const tile = this.#fetch(next.value);
      this.#bytes += tile.bytes;
      tiles.push(tile);
    }
  }

  #fetch(box: Box): FetchedTile {
    const { roots, cuts } = this.#stage;
    const leaves = tileLeaves(this.#prepared, alignedParts(this.#prepared.plan.nodes, roots, box));
    const bytes = cuts.bytesOf(box.shape);
    const held = leaves.map((leaf) => heldLeaf(this.#prepared, leaf));
    if (held.every((decode) => decode !== undefined))
      return { box, bytes, leaves, decoders: held, settled: true };
    const memory = openRegion();
    const fetching = leaves.map((leaf) => fetchLeaf(this.#prepared, leaf, this.#io, this.#cache, memory));
    const decoders = allOf(fetching);
    const tile: FetchedTile = { box, bytes, leaves, decoders, settled: false, memory };
    const settle = () => {
      tile.settled = true;
    };
    // A failure is thrown when its turn comes; until then it is no unhandled one.
    decoders.then(settle, settle);
    return tile;
  }
}

async function allOf(fetching: Promise<DecodeSource>[]): Promise<DecodeSource[]> {
  // Not before all have ended: the others of one that fails still write to the memory.
  await Promise.allSettled(fetching);
  return Promise.all(fetching);
}
