import type { Attribute } from '@hyperslab/proto/array';
import type { ByteCursor } from '../byte-cursor.ts';
import { formatUnsupported } from '../format-error.ts';
import { readAttributes } from './attributes.ts';
import { type HeaderFields, headerFields } from './header-fields.ts';
import { type ExternalType, readType } from './types.ts';

interface HeaderDimension {
  name: string;
  /** 0 for the record dimension. */
  length: number;
}

export interface HeaderVariable {
  name: string;
  /** Numbers of its dimensions. */
  dimensions: number[];
  attributes: Attribute[];
  type: ExternalType;
  /** Offset of its first value. */
  begin: number;
}

export interface Header {
  /** Length of the header in bytes. */
  length: number;
  /** Undefined while a writer streams: the length of the file tells then. */
  recordCount: number | undefined;
  dimensions: HeaderDimension[];
  attributes: Attribute[];
  variables: HeaderVariable[];
}

const dimensionTag = 0x0a;
const variableTag = 0x0b;

/**
 * Reads the header of a netCDF classic file ("File Format Specifications", NetCDF User's Guide): CDF-1, CDF-2 with
 * 64-bit offsets, CDF-5 with 64-bit sizes. Counts are checked against the length of the file before memory is taken.
 * Throws FORMAT_CORRUPT; then `cursor.wantedLength` tells whether more bytes might have helped.
 */
export function parseHeader(cursor: ByteCursor, fileBytes: number): Header {
  cursor.skip(3);
  const version = cursor.uint8();
  const fields = headerFields(cursor, version, fileBytes);
  const recordCount = fields.recordCount();
  const dimensions = fields.list(dimensionTag, 'dimension', () => ({
    name: fields.name(),
    length: fields.count(),
  }));
  const recordDimensions = dimensions.filter(({ length }) => length === 0);
  if (recordDimensions.length > 1) {
    throw formatUnsupported(
      cursor.url,
      cursor.offset,
      `a classic file with ${recordDimensions.length} dimensions of length 0`,
      'write it again with one record dimension',
    );
  }
  const attributes = readAttributes(fields);
  const variables = fields.list(variableTag, 'variable', () => readVariable(fields, dimensions));
  assertUnique(cursor, 'dimension', dimensions);
  assertUnique(cursor, 'variable', variables);
  return { length: cursor.position, recordCount, dimensions, attributes, variables };
}

function readVariable(fields: HeaderFields, dimensions: readonly HeaderDimension[]): HeaderVariable {
  const name = fields.name();
  const rank = fields.boundedCount('dimension number', fields.countBytes);
  const numbers: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const number = fields.count();
    if (number >= dimensions.length) {
      throw fields.cursor.corrupt(
        `a dimension number below ${dimensions.length} for "${name}"`,
        String(number),
      );
    }
    if (axis > 0 && dimensions[number].length === 0) {
      throw fields.cursor.corrupt(
        `the record dimension to be the first of "${name}"`,
        `it at place ${axis + 1}`,
      );
    }
    numbers.push(number);
  }
  const attributes = readAttributes(fields);
  const type = readType(fields.cursor, fields.version);
  // vsize is redundant and wrong for variables past 4 GiB ("Note on vsize"): sizes are computed from the shape.
  fields.skipSize();
  return { name, dimensions: numbers, attributes, type, begin: fields.offset() };
}

function assertUnique(cursor: ByteCursor, what: string, named: readonly { name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of named) {
    if (names.has(name)) throw cursor.corrupt(`each ${what} to have a name of its own`, `"${name}" twice`);
    names.add(name);
  }
}
