import type { StoredAttribute } from './attribute-message.ts';
import { type DataLayout, parseDataLayout } from './data-layout.ts';
import { type Dataspace, parseDataspace } from './dataspace.ts';
import { type Datatype, parseDatatype } from './datatype.ts';
import type { FieldCursor } from './field-cursor.ts';
import { type FillValue, parseFillValue, parseOldFillValue } from './fill-value.ts';
import { type Filter, parseFilterPipeline } from './filter-pipeline.ts';
import type { MetadataFile } from './metadata-file.ts';
import { messageTypes, type ObjectHeader } from './object-header.ts';
import { findMessage } from './shared-message.ts';
import { readBoundMappings } from './virtual/bound-mappings.ts';

/** A dataset as its object header describes it. */
export interface Dataset {
  name: string;
  /** Absolute, for messages. */
  path: string;
  /** Address of its object header, by which references name it. */
  address: number;
  space: Dataspace;
  type: Datatype;
  layout: DataLayout;
  fill: FillValue;
  filters: Filter[];
  /** Which other files its data is in, as their message has them; nothing when it is in this one. */
  external?: FieldCursor;
  attributes: StoredAttribute[];
}

/** Whether an object is a dataset; what is neither that nor a group is a committed datatype. */
export function isDataset(header: ObjectHeader): boolean {
  const has = (type: number) => header.messages.some((message) => message.type === type);
  return has(messageTypes.dataspace) && has(messageTypes.datatype) && has(messageTypes.dataLayout);
}

/** Reads the messages of a dataset. Throws FORMAT_CORRUPT. */
export async function readDataset(
  file: MetadataFile,
  header: ObjectHeader,
  names: { name: string; path: string },
  attributes: StoredAttribute[],
): Promise<Dataset> {
  const [space, type, layout, fill, oldFill, filters, external] = await Promise.all([
    findMessage(file, header, messageTypes.dataspace),
    findMessage(file, header, messageTypes.datatype),
    findMessage(file, header, messageTypes.dataLayout),
    findMessage(file, header, messageTypes.fillValue),
    findMessage(file, header, messageTypes.fillValueOld),
    findMessage(file, header, messageTypes.filterPipeline),
    findMessage(file, header, messageTypes.externalFiles),
  ]);
  if (space === undefined || type === undefined || layout === undefined) {
    throw file.corrupt(
      header.address,
      'dataspace, datatype and layout of a dataset',
      'a header without them',
    );
  }
  const parsed = { space: parseDataspace(space), layout: parseDataLayout(layout) };
  return {
    ...names,
    address: header.address,
    space: await currentSpace(file, parsed),
    type: parseDatatype(type),
    layout: parsed.layout,
    fill: fill ? parseFillValue(fill) : oldFill ? parseOldFillValue(oldFill) : { kind: 'default' },
    filters: filters === undefined ? [] : parseFilterPipeline(filters),
    external,
    attributes,
  };
}

/** The extents of a dataset; of a virtual one that grows, they are how far its sources go. */
async function currentSpace(
  file: MetadataFile,
  { space, layout }: Pick<Dataset, 'space' | 'layout'>,
): Promise<Dataspace> {
  if (layout.kind !== 'virtual' || !space.maxShape.includes(undefined)) return space;
  const bound = await readBoundMappings(file, layout, space.shape);
  return typeof bound === 'string' ? space : { ...space, shape: bound.shape };
}
