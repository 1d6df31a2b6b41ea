import { compressions, resultFormats } from '@hyperslab/results/formats';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from './option-values.ts';

/** Adds the options that say where and how a result is written. */
export function withOutOptions(command: Command): Command {
  return command
    .option(
      '--out <file>',
      'write the result, as its ending says: .nc .nc3 .zarr .csv .parquet .json .png .svg; a path or an s3: URL',
    )
    .addOption(new Option('--format <format>', 'write it so, whatever its ending').choices(resultFormats))
    .option('--overwrite', 'replace what is there under the name')
    .option('--chunks <list>', 'extents of chunks (.nc, .zarr), as time=1,latitude=100', chunkExtents)
    .addOption(new Option('--compression <name>', 'of chunks or columns').choices(compressions))
    .option('--level <number>', 'how hard to compress', wholeNumber(1, 19))
    .option('--shuffle', 'put bytes of equal significance together before compressing')
    .option('--no-shuffle', 'do not')
    .option('--fill-value <number>', 'what stands for missing values of numbers', finiteNumber);
}

function chunkExtents(text: string, before: Record<string, number> = {}): Record<string, number> {
  const extents = { ...before };
  for (const part of text.split(',')) {
    const [, name, extent] = /^\s*(.+?)\s*=\s*(\d{1,15})\s*$/.exec(part) ?? [];
    if (name === undefined) throw new InvalidArgumentError('expected DIMENSION=EXTENT with commas between.');
    extents[name] = Number(extent);
  }
  return extents;
}

function finiteNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number.');
}
