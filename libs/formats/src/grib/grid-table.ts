import type { Group } from '@hyperslab/proto/index';
import { formatUnsupported } from '../format-error.ts';
import type { IndexRequest } from '../format-reader.ts';
import type { HeldPlaces } from '../held-places.ts';
import type { Field } from './field.ts';
import { type FieldGroup, FieldGroups } from './field-groups.ts';
import { configurationOf, fieldSet } from './field-set.ts';
import { mostParallels } from './grid/axis-values.ts';
import { contentOf } from './grid/content-of.ts';
import { type Grid, type GridDefinition, shapeOf } from './grid/grid.ts';
import { gridName } from './grid/grid-name.ts';
import { withoutRepeats } from './repeated-fields.ts';
import { attributesOf } from './variables.ts';

/** Coordinates of honest files are a few hundred kilobytes; those of one grid may be one megabyte. */
const mostCoordinates = 64 * 1024 * 1024;

/** Steps that the latitudes of a file's Gaussian grids may take: a second or two. O1280 takes 3 million, the largest grid that is read 34 million. */
const mostSteps = 128 * 1024 * 1024;

/** A grid of a file and its fields. */
interface GridEntry {
  name: string;
  grid: Grid;
  fields: FieldGroups;
}

/** What one definition, which many messages share, stands for. */
interface Known {
  entry: GridEntry;
  /** What the codec is told of fields that are alone in their messages, by their type. */
  alone: Map<string, string>;
  shape: number[];
}

/** The grids of a file, with their fields as they are found. */
export class GridTable {
  readonly #request: IndexRequest;
  readonly #entries = new Map<string, GridEntry>();
  readonly #known = new Map<GridDefinition, Known>();

  constructor(request: IndexRequest) {
    this.#request = request;
  }

  add(field: Field): void {
    let known = this.#known.get(field.grid);
    if (known === undefined) {
      known = { entry: this.#entryOf(field.grid.grid), alone: new Map(), shape: shapeOf(field.grid.grid) };
      this.#known.set(field.grid, known);
    }
    known.entry.fields.add(field, configurationIn(known, field));
  }

  /**
   * Groups of the grids; adds to the notes, and descriptions of points to `places`. Throws FORMAT_UNSUPPORTED when their
   * coordinates are more than an index may have or take too long to compute, and what the source throws.
   */
  async groups(notes: string[], places: HeldPlaces): Promise<Group[]> {
    const groups: Group[] = [];
    const steps = this.#entries.values().reduce((sum, { grid }) => sum + stepsOf(grid), 0);
    if (steps > mostSteps) throw this.#tooMuch('Gaussian grids of so many parallels');
    let bytes = 0;
    for (const entry of this.#entries.values()) {
      const fields = await withoutRepeats(entry.fields.finish(), this.#request, notes);
      const group = gridGroup(entry, fields, notes, places);
      for (const { inlineValues } of group.variables) bytes += inlineValues?.data.length ?? 0;
      if (bytes + places.length > mostCoordinates) {
        throw this.#tooMuch(`grids that have more than ${mostCoordinates} bytes of coordinates`);
      }
      groups.push(group);
    }
    return groups;
  }

  #tooMuch(what: string): Error {
    return formatUnsupported(this.#request.source.url, 0, `a file with ${what}`, 'split it');
  }

  #entryOf(grid: Grid): GridEntry {
    const name = gridName(grid);
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = { name, grid, fields: new FieldGroups() };
      this.#entries.set(name, entry);
    }
    return entry;
  }
}

/** Each latitude of a Gaussian grid is a root of a polynomial, which takes a loop over its degree to evaluate. */
function stepsOf(grid: Grid): number {
  if (!('gaussian' in grid) || grid.gaussian === undefined || grid.gaussian > mostParallels) return 0;
  const rows = grid.kind === 'reduced' ? grid.rows.length : grid.nj;
  return Math.min(rows, 2 * grid.gaussian) * grid.gaussian;
}

function configurationIn({ alone, shape }: Known, field: Field): string {
  if (field.number !== undefined) return configurationOf(field, shape);
  const key = `${field.edition} ${field.storedDtype}`;
  let configuration = alone.get(key);
  if (configuration === undefined) {
    configuration = configurationOf(field, shape);
    alone.set(key, configuration);
  }
  return configuration;
}

/** The group of a grid: its coordinates, and groups of the kinds of level below it. Adds to the notes. */
function gridGroup(
  { name, grid }: GridEntry,
  fields: readonly FieldGroup[],
  notes: string[],
  places: HeldPlaces,
): Group {
  const content = contentOf(grid, `/@${name}`, places);
  notes.push(...content.notes.map((note) => `grid ${name}: ${note}`));
  for (const { parameter, origins } of fields)
    for (const [what, found] of Object.entries(origins))
      if (found.size > 1)
        notes.push(`grid ${name}: ${parameter.name} is of several ${what}: ${[...found].join(', ')}`);
  const levels = Map.groupBy(fields, ({ level }) => level);
  return {
    name: `@${name}`,
    attributes: attributesOf(content.groupAttributes),
    dimensions: content.dimensions,
    variables: content.variables,
    groups: [...levels].map(([level, sets]) => ({
      name: `@${level}`,
      attributes: [],
      dimensions: [],
      variables: [],
      groups: [],
      fields: { sets: sets.map((set) => fieldSet(set, content)) },
    })),
  };
}
