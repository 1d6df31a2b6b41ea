import { HyperslabError } from '@hyperslab/errors';
import { collapseCoordinates } from '../../resolve/collapse.ts';
import type { Field } from '../../resolve/field.ts';
import { addCall, addOperation } from '../../resolve/node-table.ts';
import { unitsOfDifferences } from '../../resolve/units-of-call.ts';
import type { Infer, InferContext } from '../operation.ts';
import { namedReduction } from '../reduce/named-reduction.ts';
import { withWeights } from '../reduce/weights.ts';
import { runsOf } from '../take/indices.ts';
import type { TakeParameters } from '../take/rule.ts';
import { asClimatology } from './climatology.ts';
import { groupField } from './group-field.ts';
import { groupsBy, type NamedGroups } from './groups-by.ts';
import { onlyByName } from './only-by-name.ts';
import { orderGroups } from './order-groups.ts';
import { type GroupReduction, reductionGiven } from './reduction-given.ts';

/** Groups by a part of times or by a coordinate, reduced. */
export const inferGroup: Infer = async (context, given) => {
  const field = given.field('x');
  const [name, by] = onlyByName(given, 'time=month');
  const groups = await groupsBy(context, field, name, by, given.operation);
  return reduceGroups(context, field, groups, await reductionGiven(context, given, field));
};

/** The mean of each group. */
export const inferClimatology: Infer = async (context, given) => {
  const field = given.field('x');
  const [name, by] = onlyByName(given, 'time=month');
  const groups = await groupsBy(context, field, name, by, given.operation);
  const mean = await withWeights(context, given, field, namedReduction('mean', field)!);
  const reduced = await reduceGroups(context, field, groups, mean);
  return asClimatology(context, { field, name, by, groups }, reduced);
};

async function reduceGroups(
  context: InferContext,
  field: Field,
  groups: NamedGroups,
  reduction: GroupReduction,
): Promise<Field> {
  const { node, others, groups: ordered, order } = orderGroups(context, field, groups, reduction);
  const collapsed = await collapseCoordinates(field.coordinates, [groups.dimension], context.read);
  const coordinates = [groups.coordinate, ...collapsed.filter((each) => each.name !== groups.name)];
  return groupField(context, { ...field, node }, [ordered], { ...reduction, others }, coordinates, order);
}

/** What a field differs by from the mean of the group that each index is in. */
export const inferAnomaly: Infer = async (context, given) => {
  const { table } = context;
  const field = given.field('x');
  const [name, by] = onlyByName(given, 'time=month');
  const groups = await groupsBy(context, field, name, by, given.operation);
  const { dimension, members } = groups;
  const outside = members.indexOf(-1);
  if (outside >= 0) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `anomaly: index ${outside} along "${dimension}" is in no group, because its value is missing; select others`,
    );
  }
  const { dimensions, shape } = table.nodes[field.node];
  const reduction = await withWeights(context, given, field, namedReduction('mean', field)!);
  const {
    node,
    others,
    groups: ordered,
  } = orderGroups(context, field, { ...groups, name: undefined }, reduction);
  const mean = await groupField(context, { ...field, node }, [ordered], { ...reduction, others }, []);
  const parameters: TakeParameters = { dimension, runs: runsOf(members), reach: groups.count };
  const means = addOperation(table, 'take', [mean.node], parameters, { ...table.nodes[mean.node], shape });
  return {
    node: addCall(table, '-', [field.node, means], dimensions),
    name: '',
    units: unitsOfDifferences(field.units),
    attributes: [],
    coordinates: field.coordinates,
  };
};
