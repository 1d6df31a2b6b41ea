import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createNetcdf4 } from '@hyperslab/netcdf-writer';
import { textAttribute } from './text-attribute.ts';

/** A file of temperatures on two by three points, with a chunk for each time, like those of seasonal forecasts. */
export interface Member {
  /** Hours since 2026-11-01, or since `reference`. */
  times: number[];
  reference?: string;
  /** Value of each point at a time, row-major. */
  valueAt(time: number, point: number): number;
  /** Global attributes. */
  attributes?: Record<string, string>;
  /** Start of the run, hours since the reference: a scalar coordinate. */
  run?: number;
}

/** Writes such a file, and its folder. The parameter is `t`, in K. */
export async function writeMember(path: string, { times, valueAt, run, ...member }: Member): Promise<void> {
  const units = textAttribute('units', `hours since ${member.reference ?? '2026-11-01'}`);
  const scalar = run === undefined ? [] : [textAttribute('coordinates', 'forecast_reference_time')];
  await mkdir(dirname(path), { recursive: true });
  await using writer = await createNetcdf4(path, {
    attributes: Object.entries(member.attributes ?? {}).map(([name, value]) => textAttribute(name, value)),
    dimensions: [
      { name: 'time', length: times.length },
      { name: 'latitude', length: 2 },
      { name: 'longitude', length: 3 },
    ],
    variables: [
      {
        name: 'time',
        dtype: 'float64',
        dimensions: ['time'],
        attributes: [textAttribute('standard_name', 'time'), units],
        values: Float64Array.from(times),
      },
      {
        name: 'latitude',
        dtype: 'float64',
        dimensions: ['latitude'],
        attributes: [textAttribute('units', 'degrees_north')],
        values: Float64Array.of(50, 40),
      },
      {
        name: 'longitude',
        dtype: 'float64',
        dimensions: ['longitude'],
        attributes: [textAttribute('units', 'degrees_east')],
        values: Float64Array.of(0, 10, 20),
      },
      ...(run === undefined
        ? []
        : [
            {
              name: 'forecast_reference_time',
              dtype: 'float64' as const,
              dimensions: [],
              attributes: [textAttribute('standard_name', 'forecast_reference_time'), units],
              values: Float64Array.of(run),
            },
          ]),
      {
        name: 't',
        dtype: 'float64',
        dimensions: ['time', 'latitude', 'longitude'],
        attributes: [
          textAttribute('units', 'K'),
          textAttribute('standard_name', 'air_temperature'),
          ...scalar,
        ],
        chunks: { shape: [1, 2, 3], deflateLevel: 1, shuffle: true },
      },
    ],
  });
  for (const [index, time] of times.entries())
    await writer.writeChunk(
      't',
      [index, 0, 0],
      Float64Array.from({ length: 6 }, (_, point) => valueAt(time, point)),
    );
  await writer.close();
}
