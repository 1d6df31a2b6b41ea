/** A source of bits. */
interface BitSource {
  bit(): number;
}

interface Level {
  width: number;
  /** What is known of each node: its value is at least so much, and whether it is just that. */
  least: Uint16Array;
  known: Uint8Array;
}

/** A tag tree (ISO/IEC 15444-1, annex B.10.2): numbers of a grid, of which each level above has the least of four. */
export class TagTree {
  readonly #levels: Level[] = [];

  constructor(width: number, height: number) {
    for (let w = width, h = height; ; w = (w + 1) >> 1, h = (h + 1) >> 1) {
      this.#levels.push({ width: w, least: new Uint16Array(w * h), known: new Uint8Array(w * h) });
      if (w <= 1 && h <= 1) break;
    }
  }

  /** Reads until it is known whether the number at a place is below `threshold`; answers the number if so. */
  below(x: number, y: number, threshold: number, source: BitSource): number | undefined {
    let least = 0;
    for (let depth = this.#levels.length - 1; depth >= 0; depth--) {
      const level = this.#levels[depth];
      const node = (y >> depth) * level.width + (x >> depth);
      if (level.least[node] < least) level.least[node] = least;
      while (level.known[node] === 0 && level.least[node] < threshold) {
        if (source.bit() === 1) level.known[node] = 1;
        else level.least[node]++;
      }
      least = level.least[node];
      if (level.known[node] === 0) return undefined;
    }
    return least < threshold ? least : undefined;
  }
}
