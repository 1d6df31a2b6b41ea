import type { Dataset } from '@hyperslab/proto/cube';
import type { PlanSource, ResultDescription } from '@hyperslab/proto/expression';

/** Coordinates of a result that are to be read, as sources that no node of a plan names. */
export function coordinateSources(
  { coordinates }: ResultDescription,
  datasets: readonly Dataset[],
): PlanSource[] {
  return coordinates
    .flatMap(({ values, bounds }) => [values, bounds])
    .flatMap((values) => (values?.where?.$case === 'selection' ? [values.where.value] : []))
    .flatMap(({ dataset: name, variable: wanted }) => {
      const dataset = datasets.find((each) => `${each.name}@${each.version}` === name);
      const variable = dataset?.variables.find((each) => each.name === wanted);
      return variable === undefined ? [] : [{ variable, manifest: dataset?.manifest, dataset: name }];
    });
}
