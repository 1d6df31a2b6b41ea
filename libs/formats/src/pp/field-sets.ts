import type { Attribute } from '@hyperslab/proto/array';
import type { FieldSet, IndexedVariable } from '@hyperslab/proto/index';
import { numberAttribute, textAttribute } from './attributes.ts';
import type { PpGrid } from './grid.ts';
import { fieldDimensions } from './grid-group.ts';
import type { PpHeader } from './header.ts';
import { phenomenonOf } from './phenomenon.ts';
import { processingOf } from './processing.ts';
import type { PpField } from './read-fields.ts';
import { countCoordinate, type ScalarCoordinate } from './scalar-coordinate.ts';
import type { FieldStorage } from './storage.ts';
import { timeCoordinates } from './time-coordinates.ts';
import { levelOf } from './vertical-coordinates.ts';

/** A field, as one row of the set that it belongs to. */
export interface FieldRow {
  /** Name of the group of its kind of level, STASH code and processing: what must be told apart when names are equal. */
  group: string;
  variable: IndexedVariable;
  coordinates: ScalarCoordinate[];
  field: PpField;
  storage: FieldStorage;
}

/** Describes a field by its header. */
export function fieldRow(field: PpField, storage: FieldStorage, grid: PpGrid): FieldRow {
  const { header } = field;
  const { name, attributes, stash } = phenomenonOf(header);
  const processing = processingOf(header);
  const level = levelOf(header, storage.dtype.endsWith('64') ? 'float64' : 'float32');
  const mapping = grid.mapping && textAttribute('grid_mapping', grid.mapping.name);
  return {
    group: [level.kind, stash, processing.slug].filter((part) => part).join('_'),
    variable: {
      name,
      dtype: storage.dtype,
      dimensions: fieldDimensions(grid),
      shape: [...storage.shape],
      attributes: [
        ...attributes,
        ...processing.attributes,
        ...(mapping === undefined ? [] : [mapping]),
        ...missingAttributes(header, storage.dtype),
      ],
      notComputable: storage.notComputable,
      contentSha256: '',
    },
    coordinates: [...timeCoordinates(header), ...level.coordinates, ...memberCoordinates(header)],
    field,
    storage,
  };
}

/** Member of an ensemble and pseudo level, where a field has them. */
function memberCoordinates({ lbrsvd4, lbuser5 }: PpHeader): ScalarCoordinate[] {
  return [
    ...(lbrsvd4 === 0
      ? []
      : [countCoordinate('realization', lbrsvd4, { standard_name: 'realization', units: '1' })]),
    ...(lbuser5 === 0
      ? []
      : [countCoordinate('pseudo_level', lbuser5, { long_name: 'pseudo_level', units: '1' })]),
  ];
}

/** BMDI, if the type has such a number: it stands for missing values, packed or not. */
function missingAttributes({ bmdi }: PpHeader, dtype: FieldStorage['dtype']): Attribute[] {
  const isInteger = dtype.startsWith('int');
  if (isInteger && !(Number.isSafeInteger(bmdi) && (dtype === 'int64' || bmdi === (bmdi | 0)))) return [];
  return ['_FillValue', 'missing_value'].map((name) => numberAttribute(name, dtype, bmdi));
}

/** Fields that are alike but for their scalar coordinates, as one set; sets in the order of their first field. */
export function fieldSets(rows: readonly FieldRow[]): FieldSet[] {
  const sets = new Map<string, FieldRow[]>();
  for (const row of rows) {
    const columns = row.coordinates.map(({ value: _value, bounds, ...column }) => [
      column,
      bounds !== undefined,
    ]);
    const key = JSON.stringify([row.variable, columns]);
    const set = sets.get(key);
    if (set === undefined) sets.set(key, [row]);
    else set.push(row);
  }
  return [...sets.values()].map(fieldSet);
}

function fieldSet(rows: readonly FieldRow[]): FieldSet {
  const layouts = new Map<string, number>();
  const layoutOf = rows.map(({ storage }) => {
    const key = JSON.stringify(storage.layout);
    if (!layouts.has(key)) layouts.set(key, layouts.size);
    return layouts.get(key)!;
  });
  const [first] = rows;
  return {
    variable: first.variable,
    offsets: rows.map(({ field }) => field.offset),
    lengths: rows.map(({ storage }) => storage.length),
    layouts: [...layouts.keys()].map((key) => JSON.parse(key)),
    layoutOf: layouts.size === 1 ? [] : layoutOf,
    coordinates: first.coordinates.map(({ name, dtype, attributes, bounds }, at) => {
      const column = rows.map((row) => row.coordinates[at]);
      const isText = dtype === 'string';
      return {
        variable: {
          name,
          dtype,
          attributes,
          dimensions: [],
          shape: [],
          notComputable: '',
          contentSha256: '',
        },
        values: isText ? [] : column.map(({ value }) => Number(value)),
        texts: isText ? column.map(({ value }) => String(value)) : [],
        bounds: bounds === undefined ? [] : column.flatMap((coordinate) => coordinate.bounds!),
      };
    }),
  };
}
