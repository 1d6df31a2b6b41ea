import type { Attribute } from '@hyperslab/proto/array';
import type { FieldSet, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { arrayBlock } from '../../src/index.ts';

export type Row = Record<string, number | string | [number, number, number]>;

export const text = (name: string, value: string): Attribute => ({
  name,
  dtype: 'char',
  strings: [value],
  numbers: [],
  integers: [],
});

const about: Record<string, Attribute[]> = {
  time: [text('standard_name', 'time'), text('units', 'hours since 2000-01-01')],
  forecast_reference_time: [
    text('standard_name', 'forecast_reference_time'),
    text('units', 'hours since 2000-01-01'),
  ],
  forecast_period: [text('standard_name', 'forecast_period'), text('units', 'hours')],
  isobaricInhPa: [
    text('standard_name', 'air_pressure'),
    text('units', 'hPa'),
    text('positive', 'down'),
    text('stored_direction', 'decreasing'),
  ],
  realization: [text('standard_name', 'realization')],
  expver: [],
};

function described(name: string, dtype: string, dimensions: string[], shape: number[]): IndexedVariable {
  const attributes = about[name] ?? [];
  return { name, dtype, dimensions, shape, attributes, notComputable: '', contentSha256: '' };
}

/** A set of fields of 2 × 3 points, the n-th at byte 1000 n: a value, or a value with two bounds, in each column. */
export function fieldSet(name: string, rows: Row[], first = 0): FieldSet {
  const layout = { storedDtype: 'float32', chunkShape: [2, 3], codecs: [], edgeChunksPadded: true };
  return {
    variable: described(name, 'float32', ['/@grid/latitude', '/@grid/longitude'], [2, 3]),
    offsets: rows.map((_, row) => 1000 * (first + row)),
    lengths: rows.map(() => 900),
    layouts: [layout],
    layoutOf: [],
    coordinates: Object.keys(rows[0]).map((column) => {
      const cells = rows.map((row) => row[column]);
      const isText = typeof cells[0] === 'string';
      return {
        variable: described(column, isText ? 'string' : 'float64', [], []),
        values: isText ? [] : cells.map((cell) => Number([cell].flat()[0])),
        texts: isText ? cells.map(String) : [],
        bounds: Array.isArray(cells[0]) ? cells.flatMap((cell) => (cell as number[]).slice(1)) : [],
      };
    }),
  };
}

/** A file of one grid with sets of fields by kind of level. */
export function fieldFile(url: string, kinds: Record<string, FieldSet[]>): FileIndex {
  const axis = (name: string, values: number[]): IndexedVariable => ({
    ...described(name, 'float64', [`/@grid/${name}`], [values.length]),
    attributes: [text('units', name === 'latitude' ? 'degrees_north' : 'degrees_east')],
    inlineValues: arrayBlock({ dtype: 'float64', shape: [values.length], values: Float64Array.from(values) }),
  });
  const group = (name: string, more: Partial<Group>): Group => ({
    name,
    attributes: [],
    dimensions: [],
    variables: [],
    groups: [],
    ...more,
  });
  const grid = group('@grid', {
    dimensions: [
      { name: 'latitude', size: 2, unlimited: false },
      { name: 'longitude', size: 3, unlimited: false },
    ],
    variables: [axis('latitude', [10, 0]), axis('longitude', [0, 120, 240])],
    groups: Object.entries(kinds).map(([kind, sets]) => group(`@${kind}`, { fields: { sets } })),
  });
  return {
    url,
    format: 'grib',
    version: { size: 100_000, etag: '', modifiedUs: 1 },
    bytesRead: 10,
    notes: [],
    root: group('', { groups: [grid] }),
  };
}
