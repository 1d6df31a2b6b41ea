import { isHyperslabError } from '@hyperslab/errors';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { ByteCursor } from '../byte-cursor.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { cutIntoChunks } from './chunks.ts';
import { type Header, parseHeader } from './header.ts';
import { type DataExtent, layOutRecords } from './record-layout.ts';

const versions = [1, 2, 5];

/** NetCDF classic: CDF-1, CDF-2 (64-bit offset) and CDF-5 (64-bit data). */
export const netcdf3Reader: FormatReader = {
  name: 'netcdf3',
  recognise: (head) =>
    head.length >= 4 &&
    head[0] === 0x43 &&
    head[1] === 0x44 &&
    head[2] === 0x46 &&
    versions.includes(head[3]),
  index,
};

async function index(request: IndexRequest): Promise<FileIndex> {
  const { source, version } = request;
  const header = await readHeader(request);
  const { recordCount, extents } = layOutRecords(header, source.url, version.size);
  return {
    url: source.url,
    format: 'netcdf3',
    version,
    root: {
      name: '',
      attributes: header.attributes,
      dimensions: header.dimensions.map(({ name, length }) => ({
        name,
        size: length === 0 ? recordCount : length,
        unlimited: length === 0,
      })),
      variables: extents.map((extent) => describe(extent, header)),
      groups: [],
    },
    bytesRead: 0,
    notes: [],
  };
}

/** How long a header is is known when it has been read: what the head does not hold is fetched and read again. */
async function readHeader({ source, version, head, signal }: IndexRequest): Promise<Header> {
  let bytes = head;
  for (;;) {
    const cursor = new ByteCursor(bytes, { url: source.url, order: 'big' });
    try {
      return parseHeader(cursor, version.size);
    } catch (error) {
      const cutOff = cursor.wantedLength > bytes.length && cursor.wantedLength <= version.size;
      if (!cutOff || !isHyperslabError(error, 'FORMAT_CORRUPT')) throw error;
      const wanted = Math.min(version.size, Math.max(2 * bytes.length, cursor.wantedLength));
      const rest = { offset: bytes.length, length: wanted - bytes.length };
      const [more] = await source.read([rest], { signal, expect: version });
      bytes = Buffer.concat([bytes, more]);
    }
  }
}

function describe(extent: DataExtent, header: Header): IndexedVariable {
  const { variable, shape } = extent;
  return {
    name: variable.name,
    dtype: variable.type.dtype,
    dimensions: variable.dimensions.map((number) => `/${header.dimensions[number].name}`),
    shape,
    attributes: variable.attributes,
    ...cutIntoChunks(extent),
    notComputable: '',
    contentSha256: '',
  };
}
