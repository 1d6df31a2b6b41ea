import type { Layout } from '@hyperslab/proto/array';
import type { FieldCoordinate, FieldSet, Group } from '@hyperslab/proto/index';
import type { HeldPlaces } from '../held-places.ts';
import { textAttributes } from './attributes.ts';
import { describeField, type FieldKind, kindWords } from './describe-field.ts';
import type { PpGrid } from './grid.ts';
import { gridGroup } from './grid-group.ts';
import type { PpHeader } from './header.ts';
import type { PpField } from './read-fields.ts';
import { countCoordinate, type ScalarCoordinate } from './scalar-coordinate.ts';
import type { FieldStorage } from './storage.ts';
import { timeCoordinates } from './time-coordinates.ts';
import { levelOf } from './vertical-coordinates.ts';

/** Fields that are alike but for the values of their coordinates. */
interface AlikeFields {
  kind: FieldKind;
  rows: { field: PpField; storage: FieldStorage; coordinates: ScalarCoordinate[] }[];
}

/** The fields of a grid, in sets. */
export class GridFields {
  readonly grid: PpGrid;
  readonly #alike = new Map<string, AlikeFields>();

  constructor(grid: PpGrid) {
    this.grid = grid;
  }

  /** Adds a field; says whether it is the first of its set. */
  add(field: PpField, storage: FieldStorage): boolean {
    const { header } = field;
    const level = levelOf(header, storage.dtype.endsWith('64') ? 'float64' : 'float32');
    const coordinates = [...timeCoordinates(header), ...level.coordinates, ...memberCoordinates(header)];
    // Attributes of a coordinate follow from its name and the words that tell the kind of field.
    const columns = coordinates.map(({ name, dtype, bounds }) => `${name} ${dtype} ${bounds !== undefined}`);
    const { dtype, notComputable } = storage;
    const key = [kindWords(header), header.lbvc, dtype, notComputable, ...columns].join('\n');
    const row = { field, storage, coordinates };
    const alike = this.#alike.get(key);
    if (alike === undefined) {
      const kind = describeField(header, level.kind, storage, this.grid);
      this.#alike.set(key, { kind, rows: [row] });
    } else alike.rows.push(row);
    return alike === undefined;
  }

  /** The group of the grid, and below it one for each kind of level, STASH code and processing. */
  group(places: HeldPlaces): Group {
    const groups = new Map<string, Group>();
    for (const alike of this.#alike.values()) {
      const name = `@${alike.kind.group}`;
      let group = groups.get(name);
      if (group === undefined) {
        group = { name, attributes: [], dimensions: [], variables: [], groups: [], fields: { sets: [] } };
        groups.set(name, group);
      }
      group.fields!.sets.push(fieldSet(alike));
    }
    return { ...gridGroup(this.grid, places), groups: [...groups.values()] };
  }
}

/** Member of an ensemble and pseudo level, where a field has them. */
function memberCoordinates({ lbrsvd4, lbuser5 }: PpHeader): ScalarCoordinate[] {
  const coordinates: ScalarCoordinate[] = [];
  if (lbrsvd4 !== 0) {
    coordinates.push(countCoordinate('realization', lbrsvd4, { standard_name: 'realization', units: '1' }));
  }
  if (lbuser5 !== 0) {
    coordinates.push(countCoordinate('pseudo_level', lbuser5, { long_name: 'pseudo_level', units: '1' }));
  }
  return coordinates;
}

function fieldSet({ kind, rows }: AlikeFields): FieldSet {
  const layouts = new Map<Layout, number>();
  const layoutOf = rows.map(({ storage: { layout } }) => {
    const known = layouts.get(layout);
    if (known !== undefined) return known;
    layouts.set(layout, layouts.size);
    return layouts.size - 1;
  });
  return {
    variable: kind.variable,
    offsets: rows.map(({ field }) => field.offset),
    lengths: rows.map(({ storage }) => storage.length),
    layouts: [...layouts.keys()],
    layoutOf: layouts.size === 1 ? [] : layoutOf,
    coordinates: rows[0].coordinates.map((_, at) => fieldCoordinate(rows.map((row) => row.coordinates[at]))),
  };
}

function fieldCoordinate(column: readonly ScalarCoordinate[]): FieldCoordinate {
  const [{ name, dtype, attributes: texts }] = column;
  const attributes = textAttributes(texts);
  const isText = dtype === 'string';
  return {
    variable: { name, dtype, attributes, dimensions: [], shape: [], notComputable: '', contentSha256: '' },
    values: isText ? [] : column.map(({ value }) => Number(value)),
    texts: isText ? column.map(({ value }) => String(value)) : [],
    bounds: column.flatMap(({ bounds }) => bounds ?? []),
  };
}
