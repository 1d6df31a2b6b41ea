import { HyperslabError } from '@hyperslab/errors';
import { createOutputFile, createOutputFolder, type OutputFile } from '@hyperslab/storage';
import { formatOf, resultEndings, storageOf } from './formats.ts';
import { assertChunksKnown } from './rechunk/choose-chunks.ts';
import type { NamedResult, SavedResults, SavedVariable, SaveOptions } from './save-options.ts';
import { zarrMarks } from './zarr/zarr-metadata.ts';

/**
 * Writes results into one file, or a Zarr store, at an absolute path, a file: or an s3: URL, block by block: memory does not
 * grow with them. It appears when it is whole and durable; when that fails nothing of it stays.
 * @throws HyperslabError INVALID_ARGUMENT for what the format does not have and for what is there already; DISK_FULL,
 * ACCESS_DENIED, and what a result fails of
 */
export async function saveResults(
  url: string,
  results: readonly NamedResult[],
  options: SaveOptions = {},
): Promise<SavedResults> {
  const format = formatOf(url, options.format);
  if (format === undefined)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `${url}: its ending says no format; end it with ${resultEndings.join(', ')}, or name one`,
    );
  const storage = storageOf(format, options);
  assertChunksKnown(
    options.chunks ?? {},
    results.flatMap(({ result }) => result.head.dimensions),
  );
  const variables = format.startsWith('zarr') ? await toZarr() : await toFile();
  return { url, format, variables };

  async function toZarr(): Promise<SavedVariable[]> {
    const { writeZarr } = await import('./zarr/write-zarr.ts');
    const folder = await createOutputFolder(url, { ...options, marks: zarrMarks });
    const encoding = {
      format: format === 'zarr3' ? (3 as const) : (2 as const),
      compression: storage.compression as 'zstd',
      level: storage.level,
      shuffle: options.shuffle ?? false,
    };
    return orDiscard(folder, () => writeZarr(folder, results, options, encoding));
  }

  async function toFile(): Promise<SavedVariable[]> {
    const file = await createOutputFile(url, options);
    return orDiscard(file, () => writeTo(file));
  }

  async function writeTo(file: OutputFile): Promise<SavedVariable[]> {
    if (format === 'csv') return (await import('./table/write-csv.ts')).writeCsv(file, results);
    if (format === 'parquet') {
      const { writeParquet } = await import('./table/write-parquet.ts');
      return writeParquet(file, results, options, storage);
    }
    if (format === 'netcdf3') {
      const { writeNetcdf3 } = await import('./netcdf/write-netcdf3.ts');
      return writeNetcdf3(file, results, options);
    }
    const { writeNetcdf4 } = await import('./netcdf/write-netcdf4.ts');
    const isDeflated = storage.compression === 'deflate';
    return writeNetcdf4(file, results, options, {
      deflateLevel: isDeflated ? storage.level : 0,
      shuffle: options.shuffle ?? isDeflated,
    });
  }
}

async function orDiscard<T>(output: { discard(): Promise<void> }, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    await output.discard();
    throw error;
  }
}
