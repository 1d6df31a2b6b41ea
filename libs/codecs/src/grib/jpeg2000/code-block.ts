import { MqDecoder, runContext, uniformContext } from './mq-decoder.ts';

/** Kinds of subbands: of high frequencies along x (HL), along y (LH), along both (HH), or of none (LL). */
export type Orientation = 'LL' | 'HL' | 'LH' | 'HH';

/** What is stored of a code-block: all its coding passes, one behind another. */
export interface StoredBlock {
  width: number;
  height: number;
  orientation: Orientation;
  bytes: Uint8Array;
  /** Bit-planes that are coded: 3 · planes - 2 passes. */
  planes: number;
}

const stripeHeight = 4;
const signContext = 9;
const firstRefinement = 14;
const laterRefinement = 16;

/** Coefficients of a code-block, row by row (ISO/IEC 15444-1, annex D). Every bit-plane is coded, so they are exact. */
export function decodeBlock(block: StoredBlock): Int32Array {
  return new BlockDecoder(block).decode();
}

/** State of the coefficients, with a border of one all around that stays insignificant. */
class BlockDecoder {
  readonly #width: number;
  readonly #height: number;
  readonly #stride: number;
  readonly #planes: number;
  readonly #mq: MqDecoder;
  readonly #contexts: Uint8Array;
  readonly #significant: Uint8Array;
  /** Significant neighbours: 15 · horizontal + 5 · vertical + diagonal ones, an index of `significanceContexts`. */
  readonly #around: Uint8Array;
  readonly #negative: Uint8Array;
  readonly #refined: Uint8Array;
  /** Coded in the significance propagation pass of this bit-plane. */
  readonly #visited: Uint8Array;
  readonly #magnitude: Int32Array;

  constructor({ width, height, orientation, bytes, planes }: StoredBlock) {
    this.#width = width;
    this.#height = height;
    this.#stride = width + 2;
    this.#planes = planes;
    this.#mq = new MqDecoder(bytes);
    this.#contexts = significanceContexts[orientation];
    const size = this.#stride * (height + 2);
    this.#significant = new Uint8Array(size);
    this.#around = new Uint8Array(size);
    this.#negative = new Uint8Array(size);
    this.#refined = new Uint8Array(size);
    this.#visited = new Uint8Array(size);
    this.#magnitude = new Int32Array(size);
  }

  decode(): Int32Array {
    for (let plane = this.#planes - 1; plane >= 0; plane--) {
      if (plane < this.#planes - 1) {
        this.#propagate(plane);
        this.#refine(plane);
      }
      this.#cleanUp(plane);
      this.#visited.fill(0);
    }
    const result = new Int32Array(this.#width * this.#height);
    for (let y = 0, to = 0; y < this.#height; y++) {
      for (let x = 0, at = this.#at(0, y); x < this.#width; x++, at++) {
        result[to++] = this.#negative[at] === 1 ? -this.#magnitude[at] : this.#magnitude[at];
      }
    }
    return result;
  }

  #at(x: number, y: number): number {
    return (y + 1) * this.#stride + x + 1;
  }

  /** Significance propagation (D.3.1): insignificant coefficients beside significant ones. */
  #propagate(plane: number): void {
    for (let top = 0; top < this.#height; top += stripeHeight) {
      const bottom = Math.min(top + stripeHeight, this.#height);
      for (let x = 0; x < this.#width; x++) {
        for (let y = top; y < bottom; y++) {
          const at = this.#at(x, y);
          if (this.#significant[at] === 1) continue;
          const neighbours = this.#around[at];
          if (neighbours === 0) continue;
          this.#visited[at] = 1;
          if (this.#mq.decode(this.#contexts[neighbours]) === 1) this.#becomeSignificant(at, plane);
        }
      }
    }
  }

  /** Magnitude refinement (D.3.3): a further bit of coefficients that were significant before this bit-plane. */
  #refine(plane: number): void {
    for (let top = 0; top < this.#height; top += stripeHeight) {
      const bottom = Math.min(top + stripeHeight, this.#height);
      for (let x = 0; x < this.#width; x++) {
        for (let y = top; y < bottom; y++) {
          const at = this.#at(x, y);
          if (this.#significant[at] === 0 || this.#visited[at] === 1) continue;
          const context =
            this.#refined[at] === 1 ? laterRefinement : firstRefinement + (this.#around[at] > 0 ? 1 : 0);
          this.#refined[at] = 1;
          this.#magnitude[at] |= this.#mq.decode(context) << plane;
        }
      }
    }
  }

  /** Clean-up (D.3.4): all others; four in a column with nothing around are one symbol while they stay insignificant. */
  #cleanUp(plane: number): void {
    for (let top = 0; top < this.#height; top += stripeHeight) {
      const bottom = Math.min(top + stripeHeight, this.#height);
      for (let x = 0; x < this.#width; x++) {
        let y = top;
        if (this.#isQuiet(x, top)) {
          if (this.#mq.decode(runContext) === 0) continue;
          y += 2 * this.#mq.decode(uniformContext);
          y += this.#mq.decode(uniformContext);
          this.#becomeSignificant(this.#at(x, y), plane);
          y++;
        }
        for (; y < bottom; y++) {
          const at = this.#at(x, y);
          if (this.#significant[at] === 1 || this.#visited[at] === 1) continue;
          const context = this.#contexts[this.#around[at]];
          if (this.#mq.decode(context) === 1) this.#becomeSignificant(at, plane);
        }
      }
    }
  }

  /** Whether a whole column of a stripe is insignificant, not yet coded in this bit-plane, and has no significant neighbour. */
  #isQuiet(x: number, top: number): boolean {
    if (top + stripeHeight > this.#height) return false;
    for (let y = top; y < top + stripeHeight; y++) {
      const at = this.#at(x, y);
      if (this.#significant[at] === 1 || this.#visited[at] === 1 || this.#around[at] > 0) return false;
    }
    return true;
  }

  /** Decodes the sign (D.3.2): the signs of neighbours say which is likely. */
  #becomeSignificant(at: number, plane: number): void {
    const horizontal = this.#signs(at - 1, at + 1);
    const vertical = this.#signs(at - this.#stride, at + this.#stride);
    const likely = horizontal < 0 || (horizontal === 0 && vertical < 0) ? 1 : 0;
    const context = signContext + (horizontal === 0 ? Math.abs(vertical) : 3 + horizontal * vertical);
    this.#negative[at] = this.#mq.decode(context) ^ likely;
    this.#significant[at] = 1;
    this.#magnitude[at] = 1 << plane;
    this.#tellNeighbours(at);
  }

  #tellNeighbours(at: number): void {
    const around = this.#around;
    const up = at - this.#stride;
    const down = at + this.#stride;
    around[at - 1] += 15;
    around[at + 1] += 15;
    around[up] += 5;
    around[down] += 5;
    around[up - 1] += 1;
    around[up + 1] += 1;
    around[down - 1] += 1;
    around[down + 1] += 1;
  }

  /** Sum of the signs of two neighbours, where they are significant: at most 1 either way. */
  #signs(first: number, second: number): number {
    return Math.max(-1, Math.min(1, this.#sign(first) + this.#sign(second)));
  }

  #sign(at: number): number {
    return this.#significant[at] === 0 ? 0 : 1 - 2 * this.#negative[at];
  }
}

/** Contexts of significance (table D.1) by 15 · horizontal + 5 · vertical + diagonal neighbours. */
const significanceContexts: Readonly<Record<Orientation, Uint8Array>> = {
  LL: tabulate(alongX),
  LH: tabulate(alongX),
  HL: tabulate((horizontal, vertical, diagonal) => alongX(vertical, horizontal, diagonal)),
  HH: tabulate((horizontal, vertical, diagonal) => {
    const straight = Math.min(2, horizontal + vertical);
    if (diagonal >= 3) return 8;
    if (diagonal === 2) return straight >= 1 ? 7 : 6;
    return (diagonal === 1 ? 3 : 0) + straight;
  }),
};

function alongX(horizontal: number, vertical: number, diagonal: number): number {
  if (horizontal === 2) return 8;
  if (horizontal === 1) return vertical >= 1 ? 7 : diagonal >= 1 ? 6 : 5;
  return vertical > 0 ? 2 + vertical : Math.min(2, diagonal);
}

function tabulate(context: (horizontal: number, vertical: number, diagonal: number) => number): Uint8Array {
  return Uint8Array.from({ length: 45 }, (_, i) =>
    context(Math.floor(i / 15), Math.floor((i % 15) / 5), i % 5),
  );
}
