import { HyperslabError } from '@hyperslab/errors';

export const resultFormats = ['netcdf4', 'netcdf3', 'zarr3', 'zarr2', 'csv', 'parquet'] as const;

/** Into what results are written. */
export type ResultFormat = (typeof resultFormats)[number];

export const compressions = ['none', 'deflate', 'gzip', 'zstd', 'snappy'] as const;

export type Compression = (typeof compressions)[number];

/** What a format can do. */
interface Abilities {
  endings: readonly string[];
  /** The first is taken unless another is asked for. */
  compressions: readonly Compression[];
  chunks: boolean;
  shuffle: boolean;
  /** Missing values are numbers of the values' type. */
  fillValue: boolean;
}

const abilities: Readonly<Record<ResultFormat, Abilities>> = {
  netcdf4: {
    endings: ['.nc', '.nc4'],
    compressions: ['deflate', 'none'],
    chunks: true,
    shuffle: true,
    fillValue: true,
  },
  netcdf3: { endings: ['.nc3'], compressions: ['none'], chunks: false, shuffle: false, fillValue: true },
  zarr3: {
    endings: ['.zarr'],
    compressions: ['zstd', 'gzip', 'none'],
    chunks: true,
    shuffle: false,
    fillValue: true,
  },
  zarr2: {
    endings: [],
    compressions: ['zstd', 'gzip', 'none'],
    chunks: true,
    shuffle: true,
    fillValue: true,
  },
  csv: { endings: ['.csv'], compressions: ['none'], chunks: false, shuffle: false, fillValue: false },
  parquet: {
    endings: ['.parquet'],
    compressions: ['snappy', 'zstd', 'gzip', 'none'],
    chunks: false,
    shuffle: false,
    fillValue: false,
  },
};

/** Endings of names that say a format. */
export const resultEndings = resultFormats.flatMap((format) => abilities[format].endings);

/** The format of a file: what is asked for, else what the ending of its name says; undefined when that says nothing. */
export function formatOf(name: string, asked?: ResultFormat): ResultFormat | undefined {
  const lower = name.toLowerCase().replace(/\/+$/, '');
  return (
    asked ?? resultFormats.find((format) => abilities[format].endings.some((end) => lower.endsWith(end)))
  );
}

/** What is asked of a file, as far as formats differ in it. */
interface Asked {
  chunks?: Readonly<Record<string, number>>;
  compression?: Compression;
  level?: number;
  shuffle?: boolean;
  fillValue?: number;
}

/** How a file is compressed. Throws INVALID_ARGUMENT for what its format does not have, and says what it has. */
export function storageOf(format: ResultFormat, asked: Asked): { compression: Compression; level: number } {
  const able = abilities[format];
  const refuse = (what: string, has: string) => {
    throw new HyperslabError('INVALID_ARGUMENT', `format ${format}: ${what}; ${has}`, { format });
  };
  const { chunks, compression = able.compressions[0], level, shuffle, fillValue } = asked;
  if (chunks !== undefined && Object.keys(chunks).length > 0 && !able.chunks)
    refuse('has no chunks', 'leave them out, or write netcdf4 or zarr3');
  if (shuffle && !able.shuffle) refuse('has no shuffle', 'leave it out, or write netcdf4 or zarr2');
  if (fillValue !== undefined && !able.fillValue) refuse('has no fill value', 'missing values are empty');
  if (!able.compressions.includes(compression))
    refuse(`has no compression "${compression}"`, `it has ${able.compressions.join(', ')}`);
  const most = compression === 'zstd' ? 19 : compression === 'deflate' || compression === 'gzip' ? 9 : 0;
  if (level !== undefined && !(Number.isInteger(level) && level >= 1 && level <= most))
    refuse(
      `level ${level} of "${compression}" is unknown`,
      most === 0 ? 'it has no levels' : `expected a whole number from 1 to ${most}`,
    );
  // Levels at which the next one takes much longer and gains little.
  return { compression, level: level ?? (compression === 'zstd' ? 3 : 4) };
}
