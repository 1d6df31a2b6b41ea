import { isTimeComponent, parseTimeUnits } from '@hyperslab/cube';
import { textAttribute, textOf } from '../../resolve/attributes.ts';
import { readData } from '../../resolve/coordinate-data.ts';
import { coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { findTarget } from '../../resolve/select-field.ts';
import type { InferContext } from '../operation.ts';
import { coordinatesOfGroups, madeData } from './group-coordinates.ts';
import type { NamedGroups } from './groups-by.ts';

/** What a group of times is a mean within, and over (CF conventions, section 7.4); other parts of times make no climatology. */
const cycles: Readonly<Record<string, 'years' | 'days'>> = {
  month: 'years',
  season: 'years',
  dayofyear: 'years',
  hour: 'days',
};

interface Grouped {
  field: Field;
  /** What names the dimension with the times. */
  name: string;
  /** What they are grouped by. */
  by: string;
  groups: NamedGroups;
}

/**
 * The mean of groups of times told as CF tells climatologies: the times are a coordinate along the groups, each the first of its group, with the beginning of the
 * first and the end of the last as climatological bounds; cell methods say what was averaged within, and over. Others as they are.
 */
export async function asClimatology(
  context: InferContext,
  { field, name, by, groups }: Grouped,
  result: Field,
): Promise<Field> {
  const cycle = isTimeComponent(by) ? cycles[by] : undefined;
  const { coordinate } = findTarget(context, field, name);
  if (cycle === undefined || coordinate === undefined || groups.coordinate.name === coordinate.name)
    return result;
  // A coordinate may be called month, and be along stations.
  if (parseTimeUnits(coordinate.units, coordinate.calendar) === undefined) return result;
  const times = await climatologicalTimes(context, coordinate, groups);
  const others = result.coordinates.filter((each) => each.name !== coordinate.name);
  const before = textOf(field.attributes, 'cell_methods');
  const { dimension } = groups;
  const note = /\((?:area-)?weighted\)$/.exec(textOf(result.attributes, 'cell_methods'))?.[0];
  const methods = [
    before,
    `${dimension}: mean within ${cycle} ${dimension}: mean over ${cycle}`,
    note ?? '',
  ].filter((text) => text !== '');
  return {
    ...result,
    coordinates: [...others, times],
    attributes: [
      ...result.attributes.filter((each) => each.name !== 'cell_methods'),
      textAttribute('cell_methods', methods.join(' ')),
    ],
  };
}

async function climatologicalTimes(
  context: InferContext,
  coordinate: FieldCoordinate,
  { dimension, count, members, name }: NamedGroups,
): Promise<FieldCoordinate> {
  const numbers = coordinateNumbers(await readData(coordinate.values, context.read));
  const first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  members.forEach((group, i) => {
    if (group >= 0) first[group] = Math.min(first[group], numbers[i]);
  });
  const [grouped] = await coordinatesOfGroups(context, [coordinate], { dimension, count, members });
  const { from } = grouped.bounds!;
  return {
    ...coordinate,
    dimensions: [name],
    isDimension: false,
    values: madeData([name], first),
    bounds: { dimensions: [name, 'bnds'], from },
    climatology: true,
  };
}
