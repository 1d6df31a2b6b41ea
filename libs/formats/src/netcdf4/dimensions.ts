import type { EosGroup } from '../hdf-eos5/read-structures.ts';
import type { Dataset } from '../hdf5/dataset.ts';
import { elementTypeOf } from '../hdf5/element-type.ts';
import type { ObjectTree } from '../hdf5/object-tree.ts';
import { isDimensionOnly, type ScaleMarks } from './dimension-scales.ts';
import { variableName } from './names.ts';
import { hasNetcdfType } from './netcdf-type.ts';

/** A dimension of a file. */
interface NamedDimension {
  /** Number by which netCDF orders dimensions and names those without a scale. */
  id: number;
  name: string;
  /** Group that declares it. */
  group: ObjectTree;
  size: number;
  unlimited: boolean;
}

/** The dimensions that a file declares or needs, and which of them each dataset has. */
export interface Dimensions {
  all: NamedDimension[];
  of: Map<Dataset, NamedDimension[]>;
}

/**
 * Finds dimensions as netCDF-C does. Scales declare them, in order of the groups; a dataset names its own by the numbers
 * that netCDF wrote, by being a scale, or by references to scales. A dimension without a scale is `phony_dim_N`: one for
 * each length that its group needs, numbered on after all dimensions so far, child groups first. An unlimited dimension
 * is as long as the longest variable that has it. Fields of HDF-EOS5 have the dimensions that `eosGroups` name, unless
 * scales say otherwise.
 */
export function findDimensions(
  root: ObjectTree,
  marksOf: ReadonlyMap<Dataset, ScaleMarks>,
  eosGroups: readonly EosGroup[],
): Dimensions {
  const state: State = {
    all: [],
    byScale: new Map(),
    byId: new Map(),
    ofField: new Map(),
    nextId: 0,
    marksOf,
  };
  declareScales(root, state);
  for (const eosGroup of eosGroups) declareFields(eosGroup, state);
  const of = new Map<Dataset, NamedDimension[]>();
  assignDimensions(root, state, of, hasNetcdfType);
  // What netCDF passes over comes last, so that it does not shift the numbers that netCDF gives.
  assignDimensions(root, state, of, (dataset) => !hasNetcdfType(dataset));
  growUnlimited(state, of);
  return { all: state.all, of };
}

interface State {
  all: NamedDimension[];
  byScale: Map<number, NamedDimension>;
  byId: Map<number, NamedDimension>;
  /** Dimensions of the fields of HDF-EOS5, where they are known. */
  ofField: Map<Dataset, (NamedDimension | undefined)[]>;
  nextId: number;
  marksOf: ReadonlyMap<Dataset, ScaleMarks>;
}

function declareScales(group: ObjectTree, state: State): void {
  for (const dataset of group.datasets) {
    const marks = state.marksOf.get(dataset)!;
    if (!marks.isScale || dataset.space.shape.length === 0 || state.byScale.has(dataset.address)) continue;
    const id = marks.dimensionId ?? state.nextId;
    const [size] = dataset.space.shape;
    const unlimited = dataset.space.maxShape[0] === undefined;
    const dimension = addDimension(state, { id, name: variableName(dataset.name), group, size, unlimited });
    state.byScale.set(dataset.address, dimension);
  }
  for (const child of group.groups) declareScales(child, state);
}

/** Dimensions that fields have: others are declared by the hundred, and mean nothing. */
function declareFields({ structure, group, datasets }: EosGroup, state: State): void {
  const declared = new Map<string, NamedDimension>();
  for (const [dataset, names] of datasets) {
    const { shape, maxShape } = dataset.space;
    if (names.length !== shape.length) continue;
    const dimensions = names.map((name, axis) => {
      const size = structure.dimensions.get(name);
      if (size === undefined || (size !== shape[axis] && maxShape[axis] !== undefined)) return undefined;
      const found =
        declared.get(name) ?? addDimension(state, { id: state.nextId, name, group, size, unlimited: false });
      declared.set(name, found);
      found.unlimited ||= maxShape[axis] === undefined;
      return found;
    });
    state.ofField.set(dataset, dimensions);
  }
}

function addDimension(state: State, dimension: NamedDimension): NamedDimension {
  state.all.push(dimension);
  state.byId.set(dimension.id, dimension);
  state.nextId = Math.max(state.nextId, dimension.id + 1);
  return dimension;
}

function assignDimensions(
  group: ObjectTree,
  state: State,
  of: Map<Dataset, NamedDimension[]>,
  chosen: (dataset: Dataset) => boolean,
): void {
  for (const child of group.groups) assignDimensions(child, state, of, chosen);
  for (const dataset of group.datasets.filter(chosen)) {
    const marks = state.marksOf.get(dataset)!;
    if (isDimensionOnly(marks)) continue;
    const { shape, maxShape, kind } = dataset.space;
    const inner = elementTypeOf(dataset.type).innerShape;
    const extents = kind === 'null' ? [] : [...shape, ...inner];
    const maxExtents = [...maxShape, ...inner];
    const dimensions: NamedDimension[] = [];
    extents.forEach((extent, axis) => {
      const declared = axis < shape.length ? declaredDimension(dataset, marks, axis, state) : undefined;
      const fitting = declared !== undefined && fits(declared, extent, dataset) ? declared : undefined;
      const unlimited = maxExtents[axis] === undefined;
      dimensions.push(fitting ?? phonyDimension(group, extent, unlimited, dimensions, state));
    });
    of.set(dataset, dimensions);
  }
}

function declaredDimension(
  dataset: Dataset,
  marks: ScaleMarks,
  axis: number,
  state: State,
): NamedDimension | undefined {
  if (marks.coordinateIds.length === dataset.space.shape.length) {
    const byId = state.byId.get(marks.coordinateIds[axis]);
    if (byId !== undefined) return byId;
  }
  if (axis === 0 && marks.isScale) return state.byScale.get(dataset.address);
  const scale = marks.scales[axis];
  return scale === undefined ? state.ofField.get(dataset)?.[axis] : state.byScale.get(scale);
}

/** A variable may be shorter than an unlimited dimension that others have grown: what it lacks was never written. */
function fits(dimension: NamedDimension, extent: number, dataset: Dataset): boolean {
  return dimension.size === extent || (dimension.unlimited && dataset.layout.kind === 'chunked');
}

function phonyDimension(
  group: ObjectTree,
  size: number,
  unlimited: boolean,
  taken: readonly NamedDimension[],
  state: State,
): NamedDimension {
  const match = state.all.find(
    (dimension) =>
      dimension.group === group &&
      dimension.size === size &&
      dimension.unlimited === unlimited &&
      !taken.includes(dimension),
  );
  if (match !== undefined) return match;
  const id = state.nextId;
  // In netCDF-C, a length of 0 is how an unlimited dimension is declared.
  return addDimension(state, {
    id,
    name: `phony_dim_${id}`,
    group,
    size,
    unlimited: unlimited || size === 0,
  });
}

function growUnlimited(state: State, of: ReadonlyMap<Dataset, NamedDimension[]>): void {
  const longest = new Map<NamedDimension, number>();
  for (const [dataset, dimensions] of of) {
    dimensions.forEach((dimension, axis) => {
      const extent = dataset.space.shape[axis] ?? dimension.size;
      longest.set(dimension, Math.max(longest.get(dimension) ?? 0, extent));
    });
  }
  for (const dimension of state.all) {
    if (dimension.unlimited) dimension.size = longest.get(dimension) ?? 0;
  }
}
