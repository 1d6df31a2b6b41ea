import type { FileIndex, Group } from '@hyperslab/proto/index';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { findMessage } from './edition-at.ts';
import type { Field } from './field.ts';
import { groupFields } from './field-groups.ts';
import { fieldSet } from './field-set.ts';
import { contentOf } from './grid/content-of.ts';
import { gridName } from './grid/grid-name.ts';
import { scanMessages } from './scan.ts';
import { attributesOf } from './variables.ts';

/**
 * GRIB, editions 1 and 2 (WMO Manual on Codes, FM 92). Messages are found one after another and their headers read; each
 * field is a chunk of its set. What is not read of a field (a template, a unit of time) leaves it out with a note; what
 * breaks the specification refuses the file.
 *
 * Read in this order: `scan` with `message-bytes` (few requests), `message1` and `message2`, then `grid/` (definitions to
 * coordinates), `product/` (level, time, statistics), `parameter` with `parameters/`, `field-groups` and `field-set`.
 */
export const gribReader: FormatReader = {
  name: 'grib',
  recognise: (head) => findMessage(head) >= 0,
  index: indexGrib,
};

async function indexGrib(request: IndexRequest): Promise<FileIndex> {
  const { source, version } = request;
  const { fields, notes } = await scanMessages(request);
  if (fields.length === 0 && notes.length === 0) {
    throw formatCorrupt(source.url, 0, 'a GRIB message of edition 1 or 2', 'none');
  }
  const groups = [...gridGroups(fields, source.url, notes)];
  const attributes = attributesOf({ Conventions: 'CF-1.11' });
  const root = { name: '', attributes, dimensions: [], variables: [], groups };
  return { url: source.url, format: 'grib', version, root, bytesRead: 0, notes };
}

/** Coordinates of honest files are a few hundred kilobytes; those of one grid may be one megabyte. */
const mostCoordinates = 64 * 1024 * 1024;

/** Groups of grids, as long as their coordinates are no more than an index may have. */
function* gridGroups(fields: readonly Field[], url: string, notes: string[]): Iterable<Group> {
  let bytes = 0;
  for (const [name, ofGrid] of Map.groupBy(fields, namedGrid())) {
    const group = gridGroup(name, ofGrid, notes);
    for (const { inlineValues } of group.variables) bytes += inlineValues?.data.length ?? 0;
    if (bytes > mostCoordinates) {
      throw formatUnsupported(
        url,
        0,
        `a file whose grids have more than ${mostCoordinates} bytes of coordinates`,
        'split it',
      );
    }
    yield group;
  }
}

/** Names grids, each once: messages share their definitions. */
function namedGrid(): (field: Field) => string {
  const names = new Map<Field['grid'], string>();
  return ({ grid }) => {
    let name = names.get(grid);
    if (name === undefined) {
      name = gridName(grid.grid);
      names.set(grid, name);
    }
    return name;
  };
}

/** The group of a grid: its coordinates, and groups of the kinds of level below it. Adds to the notes. */
function gridGroup(name: string, fields: readonly Field[], notes: string[]): Group {
  const path = `/@${name}`;
  const content = contentOf(fields[0].grid.grid, path);
  notes.push(...content.notes.map((note) => `grid ${name}: ${note}`));
  const levels = Map.groupBy(groupFields(fields), ({ level }) => level);
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
