import { formatCorrupt } from '../format-error.ts';
import type { Header, HeaderVariable } from './header.ts';
import { padding } from './header-fields.ts';

/** Where the values of a variable lie. */
export interface DataExtent {
  variable: HeaderVariable;
  shape: number[];
  isRecord: boolean;
  /** Bytes of all values of a fixed variable, or of one record of a record variable; without padding. */
  bytes: number;
  /** Bytes from a record to the next; only for record variables. */
  stride: number;
}

export interface RecordLayout {
  recordCount: number;
  extents: DataExtent[];
}

/**
 * Where all variables lie in a file of `fileBytes` ("File Format Specifications", "Computing File Offsets"). Throws
 * FORMAT_CORRUPT when values would lie in the header or past the end; only padding after the last value may be absent.
 */
export function layOutRecords(header: Header, url: string, fileBytes: number): RecordLayout {
  const sizes = header.variables.map((variable) => sizeOf(header, variable, url));
  const records = sizes.filter(({ isRecord }) => isRecord);
  const stride = recordStride(records.map(({ bytes }) => bytes));
  const recordCount = header.recordCount ?? streamedRecords(records, stride, fileBytes);
  const extents = sizes.map((size) => {
    const shape = size.isRecord ? [recordCount, ...size.inner] : size.inner;
    const extent: DataExtent = { ...size, shape, stride: size.isRecord ? stride : 0 };
    assertInFile(extent, recordCount, header.length, url, fileBytes);
    return extent;
  });
  return { recordCount, extents };
}

interface SizedVariable {
  variable: HeaderVariable;
  isRecord: boolean;
  /** Extents without the record dimension. */
  inner: number[];
  bytes: number;
}

function sizeOf(header: Header, variable: HeaderVariable, url: string): SizedVariable {
  const extents = variable.dimensions.map((number) => header.dimensions[number].length);
  const isRecord = extents[0] === 0;
  const inner = isRecord ? extents.slice(1) : extents;
  const bytes = inner.reduce((product, extent) => product * extent, variable.type.width);
  if (!Number.isSafeInteger(bytes)) {
    throw formatCorrupt(
      url,
      variable.begin,
      `"${variable.name}" to have a size below 2^53 bytes`,
      `shape [${inner.join(', ')}]`,
    );
  }
  return { variable, isRecord, inner, bytes };
}

/** Each record's part is padded to four bytes, unless there is one record variable only: then nothing is. */
function recordStride(recordBytes: readonly number[]): number {
  if (recordBytes.length === 1) return recordBytes[0];
  return recordBytes.reduce((sum, bytes) => sum + bytes + padding(bytes), 0);
}

/** Whole records that a file holds whose writer did not say how many; padding of the last one may be absent. */
function streamedRecords(records: readonly SizedVariable[], stride: number, fileBytes: number): number {
  if (stride === 0) return 0;
  // The last record is whole when every variable's part of it is.
  const counts = records.map(({ variable, bytes }) =>
    Math.max(0, Math.floor((fileBytes - variable.begin - bytes) / stride) + 1),
  );
  return Math.min(...counts);
}

function assertInFile(
  extent: DataExtent,
  recordCount: number,
  headerBytes: number,
  url: string,
  fileBytes: number,
): void {
  const { variable, bytes, isRecord, stride } = extent;
  const runs = isRecord ? recordCount : 1;
  if (runs === 0 || bytes === 0) return;
  const { name, begin } = variable;
  if (begin < headerBytes) {
    throw formatCorrupt(
      url,
      begin,
      `the values of "${name}" after the header of ${headerBytes} bytes`,
      'them there',
    );
  }
  const end = begin + (runs - 1) * stride + bytes;
  if (end > fileBytes) {
    throw formatCorrupt(
      url,
      begin,
      `the values of "${name}" up to byte ${end}`,
      `a file of ${fileBytes} bytes`,
    );
  }
}
