import { type ColumnValue, columnsOf } from './columns.ts';
import type { Field } from './field.ts';
import { type Parameter, parameterOf } from './parameter.ts';

/** A field and its scalar coordinates. */
export interface PlacedField {
  field: Field;
  columns: ColumnValue[];
}

/** Fields of one parameter, kind of level, process and grid: arrays that are alike. */
export interface FieldGroup {
  /** Name of the group that it is in, without the "@": "isobaricInhPa", "surface_accum". */
  level: string;
  parameter: Parameter;
  /** At least one. */
  fields: PlacedField[];
}

/**
 * Puts fields of one grid into sets, in the order of the file. Sets of one name in one group would be one variable:
 * those whose coordinates are not the same ones, and intervals of several lengths that end at the same time, get groups
 * of their own.
 */
export function groupFields(fields: readonly Field[]): FieldGroup[] {
  const groups = new Map<string, FieldGroup>();
  for (const field of fields) {
    const parameter = parameterOf(field.product, field.edition);
    const columns = columnsOf(field);
    const level = levelGroup(field);
    const key = JSON.stringify([level, parameter, traitsOf({ field, columns })]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { level, parameter, fields: [{ field, columns }] });
    else group.fields.push({ field, columns });
  }
  return apart([...groups.values()].flatMap(splitIntervals));
}

function levelGroup({ product: { level, statistics, area, ensemble } }: Field): string {
  const made = [area, ...statistics, ensemble].flatMap((statistic) => statistic?.group ?? []);
  return [level.kind, ...made].join('_');
}

/** What fields of a set have alike: names of their coordinates, which of them have bounds, type, directions of vectors. */
function traitsOf({ field, columns }: PlacedField): string[] {
  const names = columns.flatMap(({ name, bounds }) =>
    bounds === undefined ? [name] : [name, `${name}_bnds`],
  );
  return [
    ...names,
    ...(field.storedDtype === 'float64' ? ['float64'] : []),
    ...(field.grid.windsAlongGrid ? ['along_grid'] : []),
  ];
}

/**
 * Totals since the reference time and those of the last hours may end at the same time. Where both are in a file, those
 * that do not begin at the reference time are put apart by their length: "surface_accum_3h".
 */
function splitIntervals(group: FieldGroup): FieldGroup[] {
  const intervals = new Map<string, string>();
  let isAmbiguous = false;
  for (const { columns } of group.fields) {
    const time = columns.find(({ name }) => name === 'time')?.bounds;
    if (time === undefined) return [group];
    const place = columns.map(({ value }) => value).join(' ');
    const known = intervals.get(place) ?? String(time);
    intervals.set(place, known);
    isAmbiguous ||= known !== String(time);
  }
  if (!isAmbiguous) return [group];
  const parts = Map.groupBy(group.fields, ({ field, columns }) => {
    const [from, to] = columns.find(({ name }) => name === 'time')!.bounds!;
    const isWhole = from === field.product.time.reference;
    return isWhole ? group.level : `${group.level}_${String(to - from).replace('.', '_')}h`;
  });
  return [...parts].map(([level, fields]) => ({ ...group, level, fields }));
}

/** Gives sets that share group and name groups of their own, named by what only they have. */
function apart(groups: readonly FieldGroup[]): FieldGroup[] {
  const sharing = Map.groupBy(groups, ({ level, parameter }) => `${level}/${parameter.name}`);
  return groups.map((group) => {
    const others = sharing.get(`${group.level}/${group.parameter.name}`)!;
    if (others.length === 1) return group;
    const traits = others.map(({ fields }) => traitsOf(fields[0]));
    const own = traitsOf(group.fields[0]).filter((trait) => !traits.every((names) => names.includes(trait)));
    const isUnique = traits.filter((names) => own.every((trait) => names.includes(trait))).length === 1;
    // Parameters of one name with other units, say, in tables of two editions.
    const numbers = isUnique || own.length === 0 ? [] : [group.fields[0].field.product.fallback];
    return { ...group, level: [group.level, ...own, ...numbers].join('_') };
  });
}
