import { isNumeric } from '@hyperslab/array';
import type { Dataset } from '@hyperslab/proto/cube';
import { type DapAttribute, dapAttributes } from './attribute.ts';
import { dapName } from './dap-name.ts';
import { type ServedVariable, serveVariable } from './served-variable.ts';

/** A variable of the dataset, with its name in DAP2. */
export interface Declaration extends ServedVariable {
  /** Name in DAP2. */
  id: string;
  /** The coordinates of its dimensions, when each has one: it is a Grid then. */
  maps?: readonly Declaration[];
}

/** A dataset as DAP2 sees it. */
export interface DapDataset {
  dataset: Dataset;
  /** Name in DAP2. */
  id: string;
  attributes: DapAttribute[];
  declarations: readonly Declaration[];
}

/**
 * The data model of a dataset. A variable is a Grid when each of its dimensions has a numeric coordinate variable. Text
 * is no Grid: netCDF clients find the length of strings only at an Array. What has no elements is left out: netCDF-C
 * asks for index 0 of every dimension, and then reads nothing of the dataset at all.
 */
export function declareDataset(dataset: Dataset): DapDataset {
  const numeric = new Set(
    dataset.variables.flatMap(({ dtype, dimensions }) => (isNumeric(dtype) ? dimensions : [])),
  );
  const declarations = dataset.variables.flatMap((variable): Declaration[] => {
    if (variable.shape.includes(0)) return [];
    const served = serveVariable(variable, (dimension) => numeric.has(dimension));
    return served ? [{ ...served, id: dapName(variable.name) }] : [];
  });
  const coordinates = new Map(
    declarations.filter(isCoordinate).map((declaration) => [declaration.variable.name, declaration]),
  );
  for (const declaration of declarations) {
    const maps = declaration.dimensions.map((dimension) => coordinates.get(dimension));
    const isGrid =
      maps.length > 0 &&
      declaration.type !== 'String' &&
      !isCoordinate(declaration) &&
      maps.every((map) => map !== undefined);
    if (isGrid) declaration.maps = maps as Declaration[];
  }
  const { name, version } = dataset;
  return {
    dataset,
    id: dapName(`${name}@${version}`),
    attributes: dapAttributes(dataset.attributes),
    declarations,
  };
}

function isCoordinate({ variable, dimensions, dtype }: Declaration): boolean {
  return dimensions.length === 1 && dimensions[0] === variable.name && isNumeric(dtype);
}
