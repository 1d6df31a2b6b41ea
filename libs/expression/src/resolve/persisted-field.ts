import { decodeArray } from '@hyperslab/array';
import { HyperslabError, shortened } from '@hyperslab/errors';
import { type Dataset, Variable } from '@hyperslab/proto/cube';
import type {
  CoordinateValues,
  PlanSource,
  ResultCoordinate,
  ResultDescription,
} from '@hyperslab/proto/expression';
import { persistedName } from '../language/source-name.ts';
import { nearMatches } from '../near-matches.ts';
import { addArray } from './array-node.ts';
import { textAttribute, textOf } from './attributes.ts';
import { isReading } from './convert-field.ts';
import type { CoordinateData } from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';
import { withGridMapping } from './grid-mapping.ts';
import { addNode, addRead, type NodeTable } from './node-table.ts';

/** What a job has computed, or is computing, and keeps on the workers. */
export interface PersistedArray {
  jobId: string;
  /** Number of the stage that makes its blocks. */
  stage: number;
  /** What it is, the grid of its blocks included. */
  result: ResultDescription;
}

/** Where nodes are made. */
interface Target {
  table: NodeTable;
  sources: PlanSource[];
}

/**
 * A persisted array, by `result`, its own name or its standard name; or one of its coordinates by its name. Values are read from the blocks of its
 * job.
 * @param datasets those that it was made of, for coordinates that are too large to be in its description
 * @throws HyperslabError VARIABLE_NOT_FOUND, NOT_COMPUTABLE for texts
 */
export function persistedField(
  { table, sources }: Target,
  { jobId, stage, result }: PersistedArray,
  name: string,
  datasets: ReadonlyMap<string, Dataset>,
): Field {
  const coordinates = result.coordinates
    .flatMap((each) => coordinateOf(each, datasets))
    .map((each) => withGridMapping(each, result.gridMapping));
  const standardName = textOf(result.attributes, 'standard_name');
  if (![persistedName, result.name, standardName].includes(name))
    return ownCoordinate({ table, sources }, jobId, coordinates, name);
  if (result.dtype === 'string' || result.dtype === 'char')
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `job ${jobId} has persisted text, which can be read and not computed with; persist numbers`,
    );
  return {
    node: addPersisted({ table, sources }, { jobId, stage, result }),
    name: /^[A-Za-z_][A-Za-z0-9_.]*$/.test(result.name) ? result.name : '',
    units: result.units,
    attributes: result.attributes,
    coordinates,
    // Of what has no name of a quantity, such as a difference, nobody knows.
    isReading: hasQuantity(result) && isReading(textsOf(result)),
  };
}

function addPersisted({ table, sources }: Target, kept: PersistedArray): number {
  let number = sources.findIndex(({ persisted }) => persisted?.jobId === kept.jobId);
  if (number < 0) number = sources.push(persistedSource(kept)) - 1;
  return addRead(table, number, sources[number].variable!);
}

/** The source that a job's blocks are. */
export function persistedSource({ jobId, stage, result }: PersistedArray): PlanSource {
  return {
    variable: resultVariable(result),
    manifest: undefined,
    dataset: `job:${jobId}`,
    persisted: { jobId, stage },
  };
}

/** A result as something that is stored in its blocks. */
function resultVariable({ dtype, dimensions, shape, blockGrid: chunkGrid }: ResultDescription): Variable {
  return Variable.fromPartial({ name: persistedName, dtype, dimensions, shape, chunkGrid });
}

function hasQuantity({ attributes }: ResultDescription): boolean {
  return textOf(attributes, 'standard_name') !== '' || textOf(attributes, 'long_name') !== '';
}

function textsOf({ attributes }: ResultDescription): Parameters<typeof isReading>[0] {
  const text = (name: string) => textOf(attributes, name);
  return {
    standardName: text('standard_name'),
    longName: text('long_name'),
    cellMethods: text('cell_methods'),
    unitsMetadata: text('units_metadata'),
  };
}

function coordinateOf(
  coordinate: ResultCoordinate,
  datasets: ReadonlyMap<string, Dataset>,
): FieldCoordinate[] {
  const { values: stored, bounds: storedBounds, ...described } = coordinate;
  const values = dataOf(stored, described.dimensions, datasets);
  if (values === undefined) return [];
  return [{ ...described, values, bounds: dataOf(storedBounds, described.dimensions, datasets) }];
}

/** Dimensions that only values have, of vertices or characters, come after those of the coordinate. */
function dataOf(
  data: CoordinateValues | undefined,
  named: readonly string[],
  datasets: ReadonlyMap<string, Dataset>,
): CoordinateData | undefined {
  if (data?.where?.$case === 'inlineValues') {
    const array = decodeArray(data.where.value);
    return { dimensions: array.shape.map((_, axis) => named[axis] ?? `own ${axis}`), from: { array } };
  }
  if (data?.where?.$case !== 'selection') return undefined;
  const { dataset: reference, variable: wanted, ranges, droppedDimensions: dropped } = data.where.value;
  const dataset = datasets.get(reference);
  const variable = dataset?.variables.find((each) => each.name === wanted);
  if (dataset === undefined || variable === undefined) return undefined;
  return {
    dimensions: variable.dimensions.filter((_, axis) => !dropped.includes(axis)),
    from: { dataset, variable, ranges, dropped },
  };
}

/** A coordinate as an array of its own: it is in the description, or a part of a variable of a dataset. */
function ownCoordinate(
  { table, sources }: Target,
  jobId: string,
  coordinates: readonly FieldCoordinate[],
  name: string,
): Field {
  const found = coordinates.find((each) => each.name === name);
  if (found === undefined) {
    const known = [persistedName, ...coordinates.map((each) => each.name)];
    const near = nearMatches(name, known);
    const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it has ${known.join(', ')}`;
    throw new HyperslabError(
      'VARIABLE_NOT_FOUND',
      `variable "${shortened(name)}" is not in what job ${jobId} has persisted; ${advice}`,
      { variable: shortened(name), job: jobId },
    );
  }
  return {
    node: nodeOf({ table, sources }, found.values),
    name,
    units: found.units,
    attributes: found.calendar === '' ? [] : [textAttribute('calendar', found.calendar)],
    coordinates: coordinates.filter((each) =>
      each.dimensions.every((dimension) => found.dimensions.includes(dimension)),
    ),
    isReading: true,
  };
}

function nodeOf(target: Target, { dimensions, from }: CoordinateData): number {
  if ('array' in from) return addArray(target, dimensions, from.array);
  const { dataset, variable, ranges, dropped } = from;
  const name = `${dataset.name}@${dataset.version}`;
  const number = target.sources.push({ variable, manifest: dataset.manifest, dataset: name }) - 1;
  const { table } = target;
  const { dtype } = variable;
  const shape = ranges.map(({ count }) => count).filter((_, axis) => !dropped.includes(axis));
  const value = { source: number, ranges, droppedDimensions: dropped };
  return addNode(table, { dtype, dimensions, shape, kind: { $case: 'read', value } });
}
