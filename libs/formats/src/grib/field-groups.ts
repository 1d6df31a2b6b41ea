import { Column, type ColumnValue, columnsOf } from './columns.ts';
import type { Field } from './field.ts';
import { hasTurnedVectors } from './grid/grid.ts';
import { OppositeMembers } from './opposite-members.ts';
import { type Parameter, parameterOf } from './parameter.ts';

/** Fields of one parameter, kind of level, process and grid, as columns: arrays that are alike. */
export interface FieldGroup {
  /** Name of the group that it is in, without the "@": "isobaricInhPa", "surface_accum". */
  level: string;
  parameter: Parameter;
  /** The first field: what all have alike is its. */
  first: Field;
  /** Numbers of the parameter that all messages have alike: two editions may be in a group. */
  identity: Record<string, number | string>;
  /** Centres that its messages are of, and types of generating process where they say one. */
  origins: { centres: Set<number | string>; processes: Set<number | string> };
  offsets: number[];
  lengths: number[];
  /** What the codec is told of each field. */
  configurations: string[];
  columns: Column[];
}

/**
 * Fields of one grid, put into groups as they are found. Groups of one name in one place would be one variable: those whose
 * coordinates are not the same ones, and intervals of several lengths that end at the same time, get places of their own.
 */
export class FieldGroups {
  readonly #groups = new Map<string, FieldGroup>();
  readonly #members = new OppositeMembers();

  add(field: Field, configuration: string): void {
    const parameter = parameterOf(field.product, field.edition);
    const columns = columnsOf(field);
    const level = levelGroup(field);
    const { name, units, longName } = parameter;
    const key = `${level}/${name}/${units}/${longName}/${traitsOf(field, columns).join()}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const { identity } = field.product;
      const described = columns.map((column) => new Column(column));
      group = {
        level,
        parameter,
        first: field,
        identity: { ...identity },
        origins: { centres: new Set(), processes: new Set() },
        offsets: [],
        lengths: [],
        configurations: [],
        columns: described,
      };
      this.#groups.set(key, group);
    }
    addRow(group, field, configuration, columns);
    this.#members.add(group, field.product.places);
  }

  /** The groups, in the order of their first fields. */
  finish(): FieldGroup[] {
    this.#members.tellApart();
    return apart([...this.#groups.values()].flatMap(splitIntervals).flatMap(splitLayers));
  }
}

function addRow(
  group: FieldGroup,
  field: Field,
  configuration: string,
  columns: readonly ColumnValue[],
): void {
  group.offsets.push(field.offset);
  group.lengths.push(field.length);
  group.configurations.push(configuration);
  for (let i = 0; i < columns.length; i++) group.columns[i].add(columns[i]);
  const { identity } = field.product;
  group.origins.centres.add(identity.GRIB_centre);
  group.origins.processes.add(identity.GRIB_typeOfGeneratingProcess ?? 'analysis or forecast');
  for (const name in group.identity) {
    if (identity[name] !== group.identity[name]) delete group.identity[name];
  }
}

function levelGroup({ product: { level, statistics, area, ensemble, apart: kinds } }: Field): string {
  if (area === undefined && ensemble === undefined && statistics.length + kinds.length === 0)
    return level.kind;
  const made = [area, ...statistics, ensemble].flatMap((statistic) => statistic?.group ?? []);
  return [level.kind, ...made, ...kinds].join('_');
}

/** What fields of a group have alike: names of their coordinates, which of them have bounds, type, directions of vectors. */
function traitsOf(
  { storedDtype, grid }: Field,
  columns: readonly { name: string; bounds?: readonly number[] }[],
): string[] {
  const traits: string[] = [];
  for (const { name, bounds } of columns) {
    traits.push(name);
    if (bounds !== undefined) traits.push(`${name}_bnds`);
  }
  if (storedDtype === 'float64') traits.push(storedDtype);
  if (hasTurnedVectors(grid)) traits.push('along_grid');
  return traits;
}

/**
 * Totals since the reference time and those of the last hours may end at the same time. Where both are in a file, those
 * that do not begin at the reference time are put apart by their length: "surface_accum_3h".
 */
function splitIntervals(group: FieldGroup): FieldGroup[] {
  const { columns, offsets } = group;
  const bounds = columns.find(({ name }) => name === 'time')?.bounds;
  if (bounds === undefined) return [group];
  const begins = new Map<string, number>();
  const isAmbiguous = offsets.some((_, row) => {
    const place = columns.map(({ values }) => values[row]).join(' ');
    const begin = begins.get(place) ?? bounds[2 * row];
    begins.set(place, begin);
    return begin !== bounds[2 * row];
  });
  if (!isAmbiguous) return [group];
  const references = columns.find(({ name }) => name === 'forecast_reference_time')!.values;
  const parts = split(group, (row) => {
    const [from, to] = [bounds[2 * row], bounds[2 * row + 1]];
    return from === references[row] ? group.level : `${group.level}_${inName(to - from)}h`;
  });
  // A merge must not take intervals of other files, which do not hold both, for more of these.
  for (const { level, columns: own } of parts)
    if (level === group.level)
      own.find(({ name }) => name === 'time')!.describe({ intervals_since_reference: 1 });
  return parts;
}

/**
 * Layers may have one middle and other ends: those that are not the thinnest of their middle are put apart by their ends,
 * whatever the order of the messages: files of a series have them in any.
 */
function splitLayers(group: FieldGroup): FieldGroup[] {
  const layers = group.columns.find(({ name, bounds }) => name !== 'time' && bounds !== undefined);
  if (layers === undefined) return [group];
  const { values, bounds } = layers;
  const ends = (row: number) => [bounds![2 * row], bounds![2 * row + 1]].map(inName).join('_');
  const thickness = (row: number) => Math.abs(bounds![2 * row + 1] - bounds![2 * row]);
  const thinnest = new Map<number, number>();
  for (const row of values.keys()) {
    const known = thinnest.get(values[row]);
    if (known === undefined || thickness(row) < thickness(known)) thinnest.set(values[row], row);
  }
  return split(group, (row) =>
    ends(thinnest.get(values[row])!) === ends(row) ? group.level : `${group.level}_${ends(row)}`,
  );
}

function inName(number: number): string {
  return String(number).replace('.', '_');
}

/** Parts of a group by the name of the place that each row belongs to. */
function split(group: FieldGroup, placeOf: (row: number) => string): FieldGroup[] {
  const rows = Map.groupBy(group.offsets.keys(), placeOf);
  if (rows.size === 1) return [group];
  return [...rows].map(([level, picked]) => ({ ...pickRows(group, picked), level }));
}

/** A group of some of a group's fields. */
export function pickRows(group: FieldGroup, rows: readonly number[]): FieldGroup {
  return {
    ...group,
    offsets: rows.map((row) => group.offsets[row]),
    lengths: rows.map((row) => group.lengths[row]),
    configurations: rows.map((row) => group.configurations[row]),
    columns: group.columns.map((column) => column.pick(rows)),
  };
}

/** Gives groups that share place and name places of their own, named by what only they have. */
function apart(groups: readonly FieldGroup[]): FieldGroup[] {
  const sharing = Map.groupBy(groups, ({ level, parameter }) => `${level}/${parameter.name}`);
  return groups.map((group) => {
    const others = sharing.get(`${group.level}/${group.parameter.name}`)!;
    if (others.length === 1) return group;
    const traits = others.map(({ first, columns }) => traitsOf(first, columns));
    const own = traitsOf(group.first, group.columns).filter(
      (trait) => !traits.every((names) => names.includes(trait)),
    );
    // Parameters of one name with other units, say, in tables of two editions.
    const numbers = hasOwnTraits(traits) ? [] : [group.first.product.fallback];
    return { ...group, level: [group.level, ...own, ...numbers].join('_') };
  });
}

/** Whether traits tell all of them apart. */
function hasOwnTraits(traits: readonly (readonly string[])[]): boolean {
  return new Set(traits.map((names) => names.join())).size === traits.length;
}
