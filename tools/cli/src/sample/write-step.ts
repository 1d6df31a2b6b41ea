import { stat } from 'node:fs/promises';
import { allocateValues, copyRegion, elementCount, gridShape, regularRuns, unravel } from '@hyperslab/array';
import { createNetcdf4 } from '@hyperslab/netcdf-writer';
import { levelValues } from './level-values.ts';
import { parameters, pressureLevels } from './parameters.ts';
import type { RunShape } from './run-plan.ts';
import { stepDefinition } from './step-definition.ts';

/** One file of a run. */
export interface Step {
  path: string;
  shape: RunShape;
  step: number;
  seed: number;
}

/** Writes the file of a step and answers its length in bytes. An abort leaves nothing of it. */
export async function writeStep({ path, shape, step, seed }: Step, signal?: AbortSignal): Promise<number> {
  const definition = stepDefinition(shape, step, seed);
  await using file = await createNetcdf4(path, definition);
  const plane = [shape.rows, shape.columns] as const;
  for (const [number, parameter] of parameters.entries()) {
    const { chunks, dtype } = definition.variables.find(({ name }) => name === parameter.name)!;
    const chunkShape = chunks!.shape.slice(2);
    const grid = gridShape(plane.map((extent, axis) => regularRuns(extent, chunkShape[axis])));
    for (let level = 0; level < shape.levels; level++) {
      signal?.throwIfAborted();
      const key = { seed, parameter: number, step, level };
      const values = levelValues(parameter, pressureLevels[level], key, plane);
      for (let chunk = 0; chunk < elementCount(grid); chunk++) {
        const index = unravel(chunk, grid);
        const origin = index.map((cell, axis) => cell * chunkShape[axis]);
        const extents = chunkShape.map((extent, axis) => Math.min(extent, plane[axis] - origin[axis]));
        const part = allocateValues(dtype, elementCount(extents));
        copyRegion(
          values,
          { arrayShape: plane, origin },
          part,
          { arrayShape: extents, origin: [0, 0] },
          extents,
        );
        await file.writeChunk(parameter.name, [0, level, ...index], part);
      }
    }
  }
  await file.close();
  return (await stat(path)).size;
}
