import { textAttribute } from '../cf/attributes.ts';
import { none, type OrderedAxis } from './arrange.ts';
import type { GridAxis } from './arrangement.ts';
import { forecastLinks } from './forecast-links.ts';
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
    context: ConflictContext,
    cells: Int32Array,
    axes: readonly GridAxis[],
    columns: readonly OrderedAxis[],
  ) {
    const { group, pieces } = context;
    this.#sizes = axes.map(({ extents }) => extents.length);
    this.#strides = stridesOf(axes);
    const longer = this.#sizes.flatMap((size, a) => (size > 1 ? [a] : []));
    const subsets = subsetsBySize(longer);
    const ofForecast = forecastAxes(context, axes, columns);
    this.#rules = group.links.map(({ path, parent, dimensions }, link) => {
      const isAxis = columns.some((column) => column.link === link);
      const fixed = isAxis ? axes.findIndex((axis) => axis.path === path) : -1;
      const contentAt = (cell: number) => pieces[cells[cell]].contents[link];
      const along = longer.filter((a) => axes[a].dimension >= 0 && dimensions.includes(axes[a].path));
      const needed = ofForecast?.time === (parent ?? path) ? [...along, ...ofForecast.axes] : along;
      const tried = fixed >= 0 ? [[fixed], ...subsets] : subsets;
      for (const subset of tried) {
        if (subset[0] !== fixed && !needed.every((a) => subset.includes(a))) continue;
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

/**
 * Where runs by lead times are axes, the valid time is of both, though it may follow one of them as far as pieces are there:
 * its path, and these axes.
 */
function forecastAxes(
  { group, contents }: ConflictContext,
  axes: readonly GridAxis[],
  columns: readonly OrderedAxis[],
): { time: string; axes: number[] } | undefined {
  const links = forecastLinks(group, contents);
  const isAxis = (link: number) => columns.some((column) => column.link === link);
  if (links === undefined || !isAxis(links.run) || isAxis(links.time)) return undefined;
  const isLead = (link: number) =>
    textAttribute(contents.get(group.pieces[0].contents[link]).variable.attributes, 'standard_name') ===
    'forecast_period';
  const paths = group.links.flatMap(({ path }, link) => (link === links.run || isLead(link) ? [path] : []));
  const found = axes.flatMap(({ path, extents }, a) =>
    extents.length > 1 && paths.includes(path) ? [a] : [],
  );
  return { time: group.links[links.time].path, axes: found };
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
