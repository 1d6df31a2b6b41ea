import type { FieldCoordinate } from '@hyperslab/proto/index';
import type { Field } from './field.ts';
import { levelCoordinate } from './product/level.ts';
import { type AttributeValue, describedVariable } from './variables.ts';

/** A scalar coordinate of one field. */
export interface ColumnValue {
  name: string;
  dtype: 'float64' | 'int32';
  value: number;
  bounds?: readonly [number, number];
  attributes: Record<string, AttributeValue>;
}

const hours = { units: 'hours since 1970-01-01 00:00:00', calendar: 'standard' };

/** Where a field is: time, level, member … in the order in which dimensions are made of them. */
export function columnsOf(field: Field): ColumnValue[] {
  return [...timeColumns(field), ...levelColumns(field), ...field.product.places];
}

function timeColumns({ product: { time } }: Field): ColumnValue[] {
  if (time.climatology !== undefined) {
    const { month, day, hour } = time.climatology;
    const part = (name: string, value: number): ColumnValue => ({
      name,
      dtype: 'int32',
      value,
      attributes: { long_name: `${name} of a climatology, which has no year`, units: '1' },
    });
    return [part('month', month), part('day', day), part('hour', hour)];
  }
  const columns: ColumnValue[] = [];
  if (time.reference !== undefined) {
    const attributes = { standard_name: 'forecast_reference_time', long_name: 'reference time', ...hours };
    columns.push({ name: 'forecast_reference_time', dtype: 'float64', value: time.reference, attributes });
  }
  if (time.valid !== undefined) {
    const attributes = { standard_name: 'time', long_name: 'valid time', ...hours, axis: 'T' };
    columns.push({ name: 'time', dtype: 'float64', value: time.valid, bounds: time.bounds, attributes });
  }
  if (time.period !== undefined) {
    const attributes = { standard_name: 'forecast_period', long_name: 'forecast period', units: 'hours' };
    columns.push({ name: 'forecast_period', dtype: 'float64', value: time.period, attributes });
  }
  return columns;
}

/** The level, when its kind has values, and a and b of a model level of ECMWF. */
function levelColumns(field: Field): ColumnValue[] {
  const { kind, value, bounds } = field.product.level;
  if (value === undefined) return [];
  const { units, standardName, longName, positive } = levelCoordinate(kind);
  const attributes: Record<string, AttributeValue> = {
    ...(standardName === undefined ? {} : { standard_name: standardName }),
    ...(longName === undefined ? {} : { long_name: longName }),
    units,
    ...(positive === undefined ? {} : { positive }),
    // People read pressure levels from the ground up; the merge puts them so.
    ...(standardName === 'air_pressure' ? { stored_direction: 'decreasing' } : {}),
    axis: 'Z',
  };
  return [{ name: kind, dtype: 'float64', value, bounds, attributes }, ...hybridColumns(field, kind, value)];
}

/**
 * a in Pa and b of full model levels, which are the middles of the half levels that the message lists: all a from the top
 * down, then all b. Only ECMWF's lists are known to be these.
 */
function hybridColumns({ product, verticalCoordinates }: Field, kind: string, level: number): ColumnValue[] {
  const half = verticalCoordinates.length / 2;
  const isListed = Number.isInteger(half) && Number.isInteger(level) && level >= 1 && level < half;
  if (kind !== 'hybrid' || product.identity.GRIB_centre !== 98 || !isListed) return [];
  const middle = (first: number) =>
    (verticalCoordinates[first + level - 1] + verticalCoordinates[first + level]) / 2;
  const column = (name: string, value: number, units: string): ColumnValue => ({
    name,
    dtype: 'float64',
    value,
    attributes: { long_name: `${name.slice('hybrid_'.length)} of the model level: p = ap + b ps`, units },
  });
  return [column('hybrid_ap', middle(0), 'Pa'), column('hybrid_b', middle(half), '1')];
}

/** A scalar coordinate of the fields of a group. */
export class Column {
  readonly name: string;
  readonly values: number[] = [];
  /** Lower and upper bound of each field in turn; undefined when they have none. */
  readonly bounds: number[] | undefined;
  #like: ColumnValue;

  constructor(like: ColumnValue) {
    this.name = like.name;
    this.bounds = like.bounds === undefined ? undefined : [];
    this.#like = like;
  }

  /** Adds a field's value, which has bounds if the first had. */
  add({ value, bounds }: ColumnValue): void {
    this.values.push(value);
    if (bounds !== undefined) this.bounds?.push(bounds[0], bounds[1]);
  }

  /** Adds an attribute. */
  describe(attributes: Record<string, AttributeValue>): void {
    this.#like = { ...this.#like, attributes: { ...this.#like.attributes, ...attributes } };
  }

  /** The column of some of the fields. */
  pick(rows: readonly number[]): Column {
    const column = new Column(this.#like);
    for (const row of rows) {
      column.values.push(this.values[row]);
      if (this.bounds !== undefined) column.bounds?.push(this.bounds[2 * row], this.bounds[2 * row + 1]);
    }
    return column;
  }

  get coordinate(): FieldCoordinate {
    const { dtype, attributes } = this.#like;
    return {
      variable: describedVariable(this.name, dtype, attributes),
      values: this.values,
      texts: [],
      bounds: this.bounds ?? [],
    };
  }
}
