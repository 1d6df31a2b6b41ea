import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import type { OutputFile } from '@hyperslab/storage';
import type { CompressionCodec, DecodedArray, KeyValue, SchemaElement } from 'hyparquet';
import { ParquetWriter } from 'hyparquet-writer';
import type { Compression } from '../formats.ts';
import { type NamedResult, type SavedVariable, type SaveOptions, savedVariable } from '../save-options.ts';
import { ParquetFile } from './parquet-file.ts';
import { coordinateColumn, elementReader, indexColumn, valueColumn } from './parquet-types.ts';
import { elementsOf, tableColumns } from './table-columns.ts';
import { fillingsOf, tableRows } from './table-rows.ts';

/** Rows of a row group: what is in memory as values, as JavaScript has them. */
const groupRows = 2 ** 17;

const codecs: Readonly<Record<Exclude<Compression, 'deflate'>, CompressionCodec>> = {
  none: 'UNCOMPRESSED',
  snappy: 'SNAPPY',
  gzip: 'GZIP',
  zstd: 'ZSTD',
};

/**
 * Writes results as Parquet, and closes it: a row for each point, a column for each dimension, for each other coordinate and
 * for each result. What is missing is null, NaN is a value.
 */
export async function writeParquet(
  file: OutputFile,
  results: readonly NamedResult[],
  options: SaveOptions,
  compression: { compression: Compression; level: number },
): Promise<SavedVariable[]> {
  const { shape, places, values } = tableColumns(results);
  const placed = places.map((place) => ({
    place,
    ...(place.coordinate === undefined ? indexColumn(place.name) : coordinateColumn(place.coordinate)),
  }));
  const columns = [
    ...placed.map(({ place, schema }) => ({ ...schema, name: place.name })),
    ...values.map(({ name, head }) => valueColumn(name, head)),
  ];
  const root: SchemaElement = { name: 'root', num_children: columns.length };
  const writer = new ParquetWriter({
    writer: new ParquetFile(file),
    schema: [root, ...columns],
    codec: codecs[compression.compression as keyof typeof codecs],
    compressors: {
      GZIP: (bytes) => gzipSync(bytes, { level: compression.level }),
      ZSTD: (bytes) =>
        zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: compression.level } }),
    },
    kvMetadata: metadataOf(values, options.history ?? []),
    createdBy: 'hyperslab 0.1.0',
  });
  const fillings = fillingsOf(results);
  for await (const part of tableRows(results, fillings, groupRows, file.scratchBeside)) {
    const data = [
      ...placed.map(({ place, read }) =>
        Array.from(elementsOf(place, shape, part.firstRow, part.rows), read),
      ),
      ...part.values.map((array) => {
        const read = elementReader(array);
        return Array.from({ length: part.rows }, (_, row) => read(row));
      }),
    ];
    const columnData = columns.map(({ name }, i) => ({
      name,
      data: data[i] as DecodedArray,
      offsetIndex: false,
    }));
    await writer.write({ columnData, rowGroupSize: groupRows });
  }
  await writer.finish();
  return results.map(({ result }, i) => savedVariable(values[i].name, result, fillings[i]));
}

/** What has no place in a table: units, and what was done. */
function metadataOf(
  values: readonly { name: string; head: { units: string } }[],
  history: readonly string[],
): KeyValue[] {
  const units = Object.fromEntries(values.map(({ name, head }) => [name, head.units]));
  return [
    { key: 'units', value: JSON.stringify(units) },
    ...(history.length > 0 ? [{ key: 'history', value: history.join('\n') }] : []),
  ];
}
