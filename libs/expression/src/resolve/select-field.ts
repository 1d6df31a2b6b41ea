import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Selector } from '@hyperslab/proto/expression';
import { nearMatches } from '../near-matches.ts';
import { chooseIndices, type Selected } from './choose-indices.ts';
import { coordinateAxis } from './coordinate-axis.ts';
import { readData } from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';
import type { Known } from './known-values.ts';
import { resolveCondition } from './resolve-condition.ts';
import { takePart } from './take-part.ts';

/** The node table, and with it what conditions are known by; `fields` are those of the graph's nodes. */
interface Context extends Known {
  fields: readonly Field[];
}

/** What a selector's name stands for. */
interface Target {
  dimension?: string;
  coordinate?: FieldCoordinate;
}

/** A part of a field. Throws EXPRESSION_INVALID for names and values that it does not have. */
export async function selectField(
  context: Context,
  field: Field,
  selectors: readonly Selector[],
): Promise<Field> {
  const chosen = new Map<string, string>();
  let selected = field;
  for (const selector of selectors) {
    const target = findTarget(context, field, selector.name);
    if (target.dimension === undefined) {
      await checkScalar(context, target.coordinate!, selector);
      continue;
    }
    const before = chosen.get(target.dimension);
    if (before !== undefined)
      throw invalid(`"${before}" and "${selector.name}" both select from dimension "${target.dimension}"`);
    chosen.set(target.dimension, selector.name);
    const choice = await chooseIndices(dimensionOf(context, field, target.dimension, target), selector);
    selected = await takePart(context, selected, target.dimension, choice);
  }
  return selected;
}

function dimensionOf(context: Context, field: Field, dimension: string, target: Target): Selected {
  const { table, read } = context;
  const node = table.nodes[field.node];
  const { coordinate } = target;
  return {
    length: node.shape[node.dimensions.indexOf(dimension)],
    condition: (number) => resolveCondition(context, field, dimension, context.fields[number]),
    axis: async () => {
      if (coordinate !== undefined)
        return coordinateAxis(coordinate, await readData(coordinate.values, read));
      throw invalid(`dimension "${dimension}" has no coordinate; select by index: ${dimension}=#0`);
    },
  };
}

/** The dimension or coordinate of a name: its own, else a standard name, else an axis T, Z, Y or X. */
export function findTarget({ table }: Pick<Known, 'table'>, field: Field, name: string): Target {
  const { dimensions } = table.nodes[field.node];
  const coordinateOf = (dimension: string) =>
    field.coordinates.find((each) => each.isDimension && each.dimensions[0] === dimension);
  if (dimensions.includes(name)) {
    // A variable named as its dimension that is not in order is no dimension coordinate, but it is the one meant.
    const named = field.coordinates.find((each) => each.name === name && each.dimensions.join() === name);
    return { dimension: name, coordinate: coordinateOf(name) ?? named };
  }
  const by = (matches: (coordinate: FieldCoordinate) => boolean) => field.coordinates.filter(matches);
  const found = [
    by((each) => each.name === name),
    by((each) => each.standardName === name),
    by((each) => each.axis === name),
  ]
    .map((matches) =>
      matches.length > 1 && matches.some((each) => each.isDimension)
        ? matches.filter((each) => each.isDimension)
        : matches,
    )
    .find((matches) => matches.length > 0);
  if (found === undefined) throw unknownName(field, dimensions, name);
  if (found.length > 1)
    throw invalid(`"${name}" is ${found.map((each) => each.name).join(' and ')}; name one of them`);
  const [coordinate] = found;
  if (coordinate.dimensions.length > 1) {
    throw invalid(
      `coordinate "${name}" has dimensions ${coordinate.dimensions.join(', ')}; select by these, for instance ${coordinate.dimensions[0]}=#0`,
    );
  }
  return { dimension: coordinate.dimensions[0], coordinate };
}

/** Throws unless the selection means the one value of a scalar coordinate. */
async function checkScalar(context: Context, coordinate: FieldCoordinate, selector: Selector): Promise<void> {
  const axis = async () => {
    const array = await readData(coordinate.values, context.read);
    const isText = array.dtype === 'char' || array.dtype === 'string';
    const shape = isText && array.shape.length > 0 ? [1, ...array.shape.slice(-1)] : [1];
    return coordinateAxis(coordinate, { ...array, shape });
  };
  const condition = async () => {
    throw invalid(`"${selector.name}" has one value and no dimension to take a part of by mask(…)`);
  };
  await chooseIndices({ length: 1, axis, condition }, selector);
}

function unknownName(field: Field, dimensions: readonly string[], name: string): HyperslabError {
  const known = [...new Set([...dimensions, ...field.coordinates.map((each) => each.name)])];
  const near = nearMatches(name, known);
  const advice =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it has ${known.join(', ') || 'none'}`;
  const of = field.name === '' ? '' : ` of "${field.name}"`;
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `"${shortened(name)}" is no dimension or coordinate${of}; ${advice}`,
    {
      name: shortened(name),
    },
  );
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
