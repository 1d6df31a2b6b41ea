import { createNetcdf4 } from '@hyperslab/netcdf-writer';
import { textAttribute } from './text-attribute.ts';

const [times, rows, columns] = [6, 8, 10];

/** Writes a file whose parameter `t`, in K, lies on a slanting grid within that of a sample run: latitudes and longitudes are fields. */
export async function writeFields(path: string): Promise<void> {
  const field = (name: string, units: string, valueAt: (row: number, column: number) => number) => ({
    name,
    dtype: 'float64' as const,
    dimensions: ['row', 'column'],
    attributes: [textAttribute('standard_name', name), textAttribute('units', units)],
    values: Float64Array.from({ length: rows * columns }, (_, at) =>
      valueAt(Math.floor(at / columns), at % columns),
    ),
  });
  await using writer = await createNetcdf4(path, {
    attributes: [],
    dimensions: [
      { name: 'time', length: times },
      { name: 'row', length: rows },
      { name: 'column', length: columns },
    ],
    variables: [
      field('latitude', 'degrees_north', (row, column) => 47 + 1.5 * row + 0.2 * column),
      field('longitude', 'degrees_east', (row, column) => -12 + 1.7 * column - 0.3 * row),
      {
        name: 't',
        dtype: 'float32',
        dimensions: ['time', 'row', 'column'],
        attributes: [textAttribute('units', 'K'), textAttribute('coordinates', 'latitude longitude')],
        chunks: { shape: [1, rows, columns], deflateLevel: 1, shuffle: true },
      },
    ],
  });
  for (let time = 0; time < times; time++)
    await writer.writeChunk(
      't',
      [time, 0, 0],
      Float32Array.from({ length: rows * columns }, (_, at) => 280 + Math.sin(at + time)),
    );
  await writer.close();
}
