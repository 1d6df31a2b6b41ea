import type { Netcdf4Definition, Values } from './definition.ts';
import {
  bytesOf,
  type PlannedAttribute,
  planAttribute,
  planText,
  textAttribute,
  type VariableLengthElement,
} from './encode-attribute.ts';
import { attributeInfoMessage, attributeMessage, type EncodedAttribute } from './hdf5/attribute-message.ts';
import { ByteWriter, undefinedAddress } from './hdf5/byte-writer.ts';
import { variableLengthSize } from './hdf5/datatype.ts';
import { GlobalHeap } from './hdf5/global-heap.ts';
import { groupMessages } from './hdf5/group-messages.ts';
import { type HeaderMessage, messageTypes, objectHeader } from './hdf5/object-header.ts';
import {
  chunkedLayoutMessage,
  contiguousLayoutMessage,
  fillValueMessage,
  filterPipelineMessage,
} from './hdf5/storage-messages.ts';
import { superblock, superblockSize } from './hdf5/superblock.ts';
import { type PlannedDataset, planDatasets, userList } from './plan-datasets.ts';

/** Named in every file, as netCDF-C does. */
const provenance = 'version=2,hyperslab=0.1.0';

/**
 * Where everything but the chunks lies. From the front: superblock, root group, dataset headers, global heap, chunk
 * indexes, values of coordinates; chunks follow from `end`. One read of the front tells a reader all there is to know.
 */
export interface FileLayout {
  datasets: readonly PlannedDataset[];
  /** Address of a dataset's elements, or of its chunk index; undefined without any. */
  storageAt: ReadonlyMap<PlannedDataset, number>;
  /** First byte after the front. */
  end: number;
  /** The front without chunk indexes and values: bytes and their addresses. */
  metadata(finalState: FinalState): { address: number; bytes: Uint8Array }[];
  /** Bytes of values that were given with the definition. */
  inlineValues(): { address: number; bytes: Uint8Array }[];
}

/** What is known when the last chunk is written. */
interface FinalState {
  endOfFile: number;
  /** Whether any chunk of a dataset was written. */
  hasChunks(dataset: PlannedDataset): boolean;
  /** Variables whose attribute `_FillValue` is left out. Their headers are then shorter than their room. */
  withoutFill: ReadonlySet<string>;
}

const aligned = (address: number) => Math.ceil(address / 8) * 8;

/** Lays out a file. Sizes do not depend on addresses, so the front is encoded twice: to measure it, and at the end. */
export function layOut(definition: Netcdf4Definition): FileLayout {
  const heap = new GlobalHeap();
  const datasets = planDatasets(definition, heap);
  const insertText = (text: Uint8Array) => heap.insert(text);
  const global = [
    textAttribute('_NCProperties', provenance),
    ...definition.attributes.map((attribute) => planAttribute(attribute, insertText)),
  ];
  const texts = new Map(datasets.map((dataset) => [dataset, planTexts(dataset, insertText)]));

  const headerAt = new Map<string, number>();
  const collectionAt: number[] = [];
  const storageAt = new Map<PlannedDataset, number>();
  const addressOf = (linkName: string) => headerAt.get(linkName) ?? 0;
  const anything: FinalState = { endOfFile: 0, hasChunks: () => true, withoutFill: new Set() };

  let at = superblockSize;
  const place = (size: number) => {
    const address = aligned(at);
    at = address + size;
    return address;
  };
  const rootAt = place(root().length);
  for (const dataset of datasets) headerAt.set(dataset.linkName, place(header(dataset, anything).length));
  for (const size of heap.sizes()) collectionAt.push(place(size));
  for (const dataset of datasets)
    if (dataset.storage.kind === 'chunked' && dataset.storage.indexBytes > 0)
      storageAt.set(dataset, place(dataset.storage.indexBytes));
  for (const dataset of datasets)
    if (dataset.storage.kind === 'inline' && dataset.storage.values?.length)
      storageAt.set(dataset, place(dataset.storage.byteLength));

  return {
    datasets,
    storageAt,
    end: aligned(at),
    metadata: (state) => [
      { address: 0, bytes: superblock(state.endOfFile, rootAt) },
      { address: rootAt, bytes: root() },
      ...datasets.map((dataset) => ({
        address: addressOf(dataset.linkName),
        bytes: header(dataset, state),
      })),
      ...heap.encode(addressOf).map((bytes, i) => ({ address: collectionAt[i], bytes })),
    ],
    inlineValues: () =>
      datasets.flatMap((dataset) =>
        dataset.storage.kind === 'inline' && storageAt.has(dataset)
          ? [{ address: storageAt.get(dataset)!, bytes: valueBytes(dataset, dataset.storage.values!) }]
          : [],
      ),
  };

  function root(): Uint8Array {
    const links = datasets.map(({ linkName }) => ({ name: linkName, address: addressOf(linkName) }));
    return objectHeader([...groupMessages(links), ...attributeMessages(global)], 'the file');
  }

  function header(dataset: PlannedDataset, state: FinalState): Uint8Array {
    const users = userList(dataset.users, addressOf);
    const attributes = state.withoutFill.has(dataset.variable ?? '')
      ? dataset.attributes.filter(({ name }) => name !== '_FillValue')
      : dataset.attributes;
    const messages: HeaderMessage[] = [
      { type: messageTypes.dataspace, body: dataset.dataspace },
      { type: messageTypes.datatype, body: dataset.datatype, constant: true },
      fillValueMessage(dataset.fill, dataset.storage.kind === 'chunked'),
      ...storageMessages(dataset, state),
      ...attributeMessages(users ? [...attributes, users] : attributes),
    ];
    return objectHeader(messages, `variable "${dataset.linkName}"`);
  }

  function storageMessages(dataset: PlannedDataset, state: FinalState): HeaderMessage[] {
    const { storage } = dataset;
    const address = storageAt.get(dataset) ?? undefinedAddress;
    if (storage.kind === 'inline') return [contiguousLayoutMessage(address, storage.byteLength)];
    const { chunks, elementSize } = storage;
    const filters = filterPipelineMessage({ ...chunks, elementSize });
    const index = state.hasChunks(dataset) ? address : undefinedAddress;
    const layout = chunkedLayoutMessage(index, chunks.shape, elementSize);
    return filters ? [filters, layout] : [layout];
  }

  function attributeMessages(attributes: readonly PlannedAttribute[]): HeaderMessage[] {
    return [attributeInfoMessage(attributes.length), ...attributes.map((a) => attributeMessage(encoded(a)))];
  }

  function encoded({ data, ...rest }: PlannedAttribute): EncodedAttribute {
    return { ...rest, data: data instanceof Uint8Array ? data : elementBytes(data) };
  }

  function elementBytes(elements: readonly VariableLengthElement[]): Uint8Array {
    const out = new ByteWriter(elements.length * variableLengthSize);
    for (const { length, id } of elements)
      out
        .u32(length)
        .u64(collectionAt[id.collection] ?? 0)
        .u32(id.object);
    return out.toBytes();
  }

  function valueBytes(dataset: PlannedDataset, values: Values): Uint8Array {
    return isTexts(values) ? elementBytes(texts.get(dataset)!) : bytesOf(values);
  }
}

function planTexts(
  { storage }: PlannedDataset,
  insertText: Parameters<typeof planText>[1],
): VariableLengthElement[] {
  if (storage.kind !== 'inline' || storage.values === undefined || !isTexts(storage.values)) return [];
  return storage.values.map((text) => planText(text, insertText));
}

function isTexts(values: Values): values is readonly string[] {
  return !ArrayBuffer.isView(values);
}
