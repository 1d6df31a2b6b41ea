import { allocateValues, copyRegion, elementCount, type NumericValues, unravel } from '@hyperslab/array';
import type { ComputedArray } from '@hyperslab/client';
import { createNetcdf4 } from '@hyperslab/netcdf-writer';
import { fillMissing } from './fill-missing.ts';
import { netcdfDefinition } from './netcdf-definition.ts';

/** Writes a computed array as a CF netCDF-4 file, chunk by chunk. */
export async function writeArrayAsNetcdf(path: string, array: ComputedArray): Promise<void> {
  const { variable, ...definition } = netcdfDefinition(array);
  await using writer = await createNetcdf4(path, definition);
  const chunk = definition.variables.find(({ name }) => name === variable)?.chunks?.shape;
  if (chunk !== undefined) {
    const { shape, dtype } = array;
    const values = fillMissing(array).values as NumericValues;
    const grid = shape.map((extent, axis) => Math.ceil(extent / chunk[axis]));
    for (let number = 0; number < elementCount(grid); number++) {
      const index = unravel(number, grid);
      const origin = index.map((cell, axis) => cell * chunk[axis]);
      const part = origin.map((start, axis) => Math.min(chunk[axis], shape[axis] - start));
      const target = allocateValues(dtype, elementCount(part));
      const to = { arrayShape: part, origin: part.map(() => 0) };
      copyRegion(values, { arrayShape: shape, origin }, target, to, part);
      await writer.writeChunk(variable, index, target);
    }
  }
  await writer.close();
}
