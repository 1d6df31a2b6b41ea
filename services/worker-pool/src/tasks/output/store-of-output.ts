import type { DataType } from '@hyperslab/array';
import { withWholeTexts } from '@hyperslab/expression';
import type { OutputPlan } from '@hyperslab/proto/expression';
import { defineStore, type ResultHead } from '@hyperslab/results/zarr';
import { coordinateValues } from '../coordinate-values.ts';
import type { TaskEnvironment } from '../task-environment.ts';
import type { TaskRequest } from '../task-request.ts';
import { encodingOf } from './open-output.ts';

/** The result's variable in the store. Its name does not depend on the values of coordinates. */
export function variableOf(output: OutputPlan, jobId: string) {
  const [variable] = define(output, jobId, { ...headOf(output), coordinates: namesOnly(output) }).results;
  return variable;
}

/** All of the store but the result's values, its coordinates read. */
export async function storeOfOutput(environment: TaskEnvironment, request: TaskRequest, output: OutputPlan) {
  const coordinates = await Promise.all(
    output.result!.coordinates.map(async ({ values, bounds, ...rest }) => ({
      ...rest,
      ...withWholeTexts(await coordinateValues(environment, request, values!), rest.dimensions.length),
      bounds: bounds && (await coordinateValues(environment, request, bounds)),
    })),
  );
  return define(output, request.jobId, { ...headOf(output), coordinates });
}

function define(output: OutputPlan, jobId: string, head: ResultHead) {
  const name = output.variable === '' ? undefined : output.variable;
  // By the id it is known which job's store it is: `SharedOutput.wasCommitted`.
  const history = [...output.history, `written by workers, job ${jobId}`];
  return defineStore([{ name, head }], history, encodingOf(output));
}

function headOf({ result }: OutputPlan): Omit<ResultHead, 'coordinates'> {
  const { name, dtype, units, dimensions, shape, attributes, blockGrid, gridMapping } = result!;
  return { name, dtype: dtype as DataType, units, dimensions, shape, attributes, blockGrid, gridMapping };
}

/** Coordinates without their values, and bounds of no vertices: they take the names that they have in the store. */
function namesOnly({ result }: OutputPlan): ResultHead['coordinates'] {
  const nothing = { dtype: 'int8' as const, shape: [0], values: new Int8Array(0) };
  return result!.coordinates.map(({ values: _, bounds, ...rest }) => ({
    ...rest,
    ...nothing,
    bounds: bounds && nothing,
  }));
}
