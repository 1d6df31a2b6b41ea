import type { MaskedArray } from '@hyperslab/array';
import { publicName } from '../cf/names.ts';
import type { ContentTable } from './content-table.ts';
import type { Difference } from './difference.ts';
import type { Piece, PieceGroup } from './piece.ts';
import { gridTraits } from './split-by-grid.ts';

/** The first thing that puts two pieces on different grids: the extent of a dimension, or a value of a coordinate. */
export function gridDifference(
  group: PieceGroup,
  [a, b]: readonly Piece[],
  contents: ContentTable,
): Difference {
  const { dimensions, links } = gridTraits(group, a, contents);
  const dimension = dimensions.find((d) => a.variable.shape[d] !== b.variable.shape[d]);
  if (dimension !== undefined) {
    const name = publicName(group.dimensions[dimension]);
    const [sizeA, sizeB] = [a, b].map(({ variable }) => String(variable.shape[dimension]));
    const advice = 'no option joins grids of different sizes';
    return { name, what: `the length of ${name} is`, a: sizeA, b: sizeB, advice };
  }
  const link = links.find((each) => a.contents[each] !== b.contents[each])!;
  const { path, role, dimensions: spanned } = group.links[link];
  const name = publicName(path);
  const advice = sharedAdvice(name, role === 'dimension' ? publicName(spanned[0]) : undefined);
  const [valuesA, valuesB] = [a, b].map(({ contents: all }) => contents.values(all[link]));
  const at = firstDifference(valuesA, valuesB);
  if (at === undefined)
    return { name, what: `${name} has`, a: 'values of its own', b: 'others, too many to compare', advice };
  const [first, other] = [valuesA, valuesB].map((array) => valueAt(array!, at));
  return { name, what: `value ${at} of ${name} is`, a: first, b: other, advice };
}

/**
 * How files that mean one grid are made to say so. `dimension` is that of a dimension coordinate; others can only be
 * left out.
 */
export function sharedAdvice(name: string, dimension: string | undefined): string {
  const dropped = `"drop: [${name}]"`;
  return dimension === undefined
    ? `if they are meant to be equal, ${dropped} of an --overlay leaves them out`
    : `if they are meant to be equal, ${dropped} and "add: {${name}: {values: […], dimension: ${dimension}}}" of an --overlay make them so`;
}

/** Position of the first element that two arrays of one shape have otherwise; undefined where they are not known. */
function firstDifference(a: MaskedArray | undefined, b: MaskedArray | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  for (let i = 0; i < a.values.length; i++) if (valueAt(a, i) !== valueAt(b, i)) return i;
  return undefined;
}

function valueAt({ values, mask }: MaskedArray, i: number): string {
  return mask?.[i] === 1 ? 'missing' : String(values[i]);
}
