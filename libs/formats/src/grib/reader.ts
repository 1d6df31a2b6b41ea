import type { FileIndex } from '@hyperslab/proto/index';
import { formatCorrupt } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { HeldPlaces } from '../held-places.ts';
import { findMessage } from './edition-at.ts';
import { gatherMessages } from './gather.ts';
import { GridTable } from './grid-table.ts';
import { scanMessages } from './scan.ts';
import { attributesOf } from './variables.ts';

/**
 * GRIB, editions 1 and 2 (WMO Manual on Codes, FM 92). Messages are found one after another and their headers read; each
 * field is a chunk of its set. What is not read of a field (a template, a unit of time) leaves it out with a note; what
 * breaks the specification refuses the file.
 *
 * Read in this order: `scan` with `message-bytes` (few requests), `message1` and `message2`, then `grid/` (definitions to
 * coordinates), `product/` (level, time, statistics), `parameter` with `parameters/`, `grid-table`, `field-groups`, `field-set`.
 */
export const gribReader: FormatReader = {
  name: 'grib',
  recognise: (head) => findMessage(head) >= 0,
  // Inventories.
  readsOnlyHints: true,
  index: indexGrib,
  gather: gatherMessages,
};

async function indexGrib(request: IndexRequest): Promise<FileIndex> {
  const { source, version } = request;
  const grids = new GridTable(request);
  const notes = await scanMessages(request, (field) => grids.add(field));
  const places = new HeldPlaces();
  const groups = await grids.groups(notes, places);
  if (groups.length === 0 && notes.length === 0) {
    throw formatCorrupt(source.url, 0, 'a GRIB message of edition 1 or 2', 'none');
  }
  const attributes = attributesOf({ Conventions: 'CF-1.11' });
  const root = { name: '', attributes, dimensions: [], variables: [], groups };
  return { url: source.url, format: 'grib', version, root, bytesRead: 0, notes, ...places.others() };
}
