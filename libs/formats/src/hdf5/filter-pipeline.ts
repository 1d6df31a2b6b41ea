import type { FieldCursor } from './field-cursor.ts';

/** One filter of a pipeline, in the order of encoding. */
export interface Filter {
  id: number;
  /** Name that the file states; may be empty. */
  name: string;
  parameters: number[];
}

const mostFilters = 32;

// Registered filter plugins of The HDF Group, for messages; "shuffle" and so on are in `filter-codec`.
const registeredNames: Record<number, string> = {
  4: 'szip',
  5: 'nbit',
  6: 'scaleoffset',
  305: 'lzo',
  307: 'bzip2',
  32000: 'lzf',
  32001: 'blosc',
  32002: 'mafisc',
  32004: 'lz4',
  32008: 'bitshuffle',
  32013: 'zfp',
  32015: 'zstd',
  32017: 'sz',
  32019: 'jpeg',
  32022: 'bitgroom',
  32023: 'granular bitround',
  32026: 'blosc2',
};

/** Parses a filter pipeline message of version 1 or 2 (HDF5 File Format Specification 3.0, IV.A.2.l). */
export function parseFilterPipeline(cursor: FieldCursor): Filter[] {
  const version = cursor.version('filter pipeline message', 1, 2);
  const count = cursor.uint8();
  if (count > mostFilters) throw cursor.corrupt(`at most ${mostFilters} filters`, String(count));
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.uint16();
    // Filters of the specification itself have no name in version 2.
    const nameLength = version === 1 || id >= 256 ? cursor.uint16() : 0;
    cursor.skip(2);
    const values = cursor.uint16();
    const paddedLength = version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength;
    const name = cursor.paddedText(paddedLength);
    const parameters = Array.from({ length: values }, () => cursor.uint32());
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return { id, name, parameters };
  });
}

/** Name of a filter for people. */
export function filterName(filter: Filter): string {
  return registeredNames[filter.id] ?? (filter.name || 'unregistered');
}
