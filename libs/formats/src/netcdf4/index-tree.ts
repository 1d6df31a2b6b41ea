import type { Attribute } from '@hyperslab/proto/array';
import type { Group, IndexedVariable } from '@hyperslab/proto/index';
import { gridCoordinates } from '../hdf-eos5/grid-coordinates.ts';
import { type EosGroup, readEosGroups } from '../hdf-eos5/read-structures.ts';
import type { StoredAttribute } from '../hdf5/attribute-message.ts';
import { readAttribute } from '../hdf5/attribute-values.ts';
import { mapConcurrently } from '../hdf5/concurrent.ts';
import type { Dataset } from '../hdf5/dataset.ts';
import type { MetadataFile } from '../hdf5/metadata-file.ts';
import type { ObjectTree } from '../hdf5/object-tree.ts';
import { indexVariable } from '../hdf5/variable.ts';
import { isDimensionOnly, readScaleMarks, type ScaleMarks } from './dimension-scales.ts';
import { type Dimensions, findDimensions } from './dimensions.ts';
import { isNetcdf4 } from './is-netcdf4.ts';
import { variableName } from './names.ts';
import { visibleAttributes } from './reserved-attributes.ts';

const variablesAtOnce = 256;

interface Indexing {
  file: MetadataFile;
  marksOf: Map<Dataset, ScaleMarks>;
  dimensions: Dimensions;
  eosGroups: readonly EosGroup[];
}

/** The groups of an index from those of a file: datasets become variables, scales become dimensions. */
export async function indexTree(
  file: MetadataFile,
  tree: ObjectTree,
): Promise<{ format: string; root: Group }> {
  const datasets = allDatasets(tree);
  const marks = await mapConcurrently(datasets, variablesAtOnce, (dataset) => readScaleMarks(file, dataset));
  const marksOf = new Map(datasets.map((dataset, i) => [dataset, marks[i]]));
  const eosGroups = await readEosGroups(file, tree);
  const dimensions = findDimensions(tree, marksOf, eosGroups);
  const root = await indexGroup({ file, marksOf, dimensions, eosGroups }, tree);
  return { format: isNetcdf4(tree, marksOf) ? 'netcdf4' : 'hdf5', root };
}

function allDatasets(tree: ObjectTree): Dataset[] {
  return [...tree.datasets, ...tree.groups.flatMap(allDatasets)];
}

async function indexGroup(indexing: Indexing, tree: ObjectTree): Promise<Group> {
  const { file, marksOf, dimensions } = indexing;
  const variables = tree.datasets.filter((dataset) => !isDimensionOnly(marksOf.get(dataset)!));
  const [attributes, indexed, groups] = await Promise.all([
    readVisible(file, tree.path === '' ? 'the root group' : tree.path, tree.attributes, false),
    mapConcurrently(variables, variablesAtOnce, (dataset) => indexDataset(indexing, dataset)),
    Promise.all(tree.groups.map((child) => indexGroup(indexing, child))),
  ]);
  const declared = dimensions.all.filter(({ group }) => group === tree).sort((a, b) => a.id - b.id);
  return {
    name: tree.name,
    attributes,
    dimensions: declared.map(({ name, size, unlimited }) => ({ name, size, unlimited })),
    variables: [...indexed, ...coordinatesOf(indexing, tree)],
    groups,
  };
}

/** Coordinates of an HDF-EOS5 grid, which has none as datasets. */
function coordinatesOf({ eosGroups, dimensions }: Indexing, tree: ObjectTree): IndexedVariable[] {
  const eosGroup = eosGroups.find(({ group }) => group === tree);
  if (eosGroup === undefined) return [];
  return gridCoordinates(eosGroup.structure).filter(({ name, shape }) => {
    const dimension = dimensions.all.find((candidate) => candidate.group === tree && candidate.name === name);
    const isTaken = tree.datasets.some((dataset) => variableName(dataset.name) === name);
    return dimension?.size === shape[0] && !isTaken;
  });
}

async function indexDataset(indexing: Indexing, dataset: Dataset): Promise<IndexedVariable> {
  const { file, marksOf, dimensions } = indexing;
  const own = dimensions.of.get(dataset) ?? [];
  const { isScale } = marksOf.get(dataset)!;
  return indexVariable(file, dataset, {
    name: variableName(dataset.name),
    dimensions: own.map(({ group, name }) => `${group.path}/${name}`),
    shape: own.map(({ size }) => size),
    attributes: await readVisible(file, dataset.path, dataset.attributes, isScale),
  });
}

async function readVisible(
  file: MetadataFile,
  owner: string,
  stored: readonly StoredAttribute[],
  isScale: boolean,
): Promise<Attribute[]> {
  const visible = visibleAttributes(stored, isScale);
  const read = await Promise.all(visible.map((attribute) => readAttribute(file, owner, attribute)));
  return read.flatMap((attribute) => attribute ?? []);
}
