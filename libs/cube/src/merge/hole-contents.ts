import { none, type OrderedAxis } from './arrange.ts';
import type { GridAxis } from './arrangement.ts';
import { stridesOf } from './grid-cells.ts';
import type { ConflictContext } from './merge-conflict.ts';

/** What a link of the pieces follows: for each place along these axes, its content. */
interface Rule {
  axes: number[];
  contents: Map<string, number>;
}

/**
 * What the coordinates of a place without a piece hold: those that follow some of the axes alone (a lead time its step, a
 * label its member) what they hold elsewhere at the same place of these; others nothing, which is -1.
 */
export class HoleContents {
  readonly #sizes: number[];
  readonly #strides: number[];
  readonly #rules: Rule[];

  /** `columns` are the axes along which pieces differ. */
  constructor(
    { group, pieces }: ConflictContext,
    cells: Int32Array,
    axes: readonly GridAxis[],
    columns: readonly OrderedAxis[],
  ) {
    this.#sizes = axes.map(({ extents }) => extents.length);
    this.#strides = stridesOf(axes);
    const longer = this.#sizes.flatMap((size, a) => (size > 1 ? [a] : []));
    const subsets = subsetsBySize(longer);
    this.#rules = group.links.map(({ path }, link) => {
      const own = columns.find((column) => column.link === link);
      const fixed = own && axes.findIndex((axis) => axis.path === path);
      const contentAt = (cell: number) => pieces[cells[cell]].contents[link];
      const tried = fixed === undefined || fixed < 0 ? subsets : [[fixed], ...subsets];
      for (const subset of tried) {
        const contents = this.#follow(subset, cells, contentAt);
        if (contents !== undefined) return { axes: subset, contents };
      }
      return { axes: longer, contents: new Map() };
    });
  }

  /** Content of each link in a cell. */
  at(cell: number): number[] {
    return this.#rules.map(({ axes, contents }) => contents.get(this.#place(cell, axes)) ?? none);
  }

  #follow(
    axes: number[],
    cells: Int32Array,
    contentAt: (cell: number) => number,
  ): Map<string, number> | undefined {
    const contents = new Map<string, number>();
    for (let cell = 0; cell < cells.length; cell++) {
      if (cells[cell] === none) continue;
      const place = this.#place(cell, axes);
      const content = contentAt(cell);
      const known = contents.get(place);
      if (known !== undefined && known !== content) return undefined;
      contents.set(place, content);
    }
    return contents;
  }

  #place(cell: number, axes: readonly number[]): string {
    return axes.map((a) => Math.floor(cell / this.#strides[a]) % this.#sizes[a]).join();
  }
}

/** Subsets of up to three numbers, the smallest first. */
function subsetsBySize(numbers: readonly number[]): number[][] {
  const sizes: number[][][] = [[[]]];
  for (let size = 1; size <= Math.min(3, numbers.length); size++)
    sizes.push(
      sizes[size - 1].flatMap((set) =>
        numbers.filter((number) => number > (set.at(-1) ?? -1)).map((number) => [...set, number]),
      ),
    );
  return sizes.flat();
}
