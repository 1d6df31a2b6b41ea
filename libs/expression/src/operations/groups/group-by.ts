import { HyperslabError } from '@hyperslab/errors';
import { collapseCoordinates } from '../../resolve/collapse.ts';
import type { Field } from '../../resolve/field.ts';
import { addCall, addOperation } from '../../resolve/node-table.ts';
import type { FieldReduction } from '../../resolve/reduce-field.ts';
import type { Infer, InferContext } from '../operation.ts';
import { namedReduction } from '../reduce/named-reduction.ts';
import { runsOf } from '../take/indices.ts';
import type { TakeParameters } from '../take/rule.ts';
import { groupField } from './group-field.ts';
import { groupsBy, type NamedGroups } from './groups-by.ts';
import { onlyByName } from './only-by-name.ts';
import { orderGroups } from './order-groups.ts';
import { reductionGiven } from './reduction-given.ts';

/** Groups by a part of times or by a coordinate, reduced. */
export const inferGroup: Infer = async (context, given) => {
  const field = given.field('x');
  const [name, by] = onlyByName(given, 'time=month');
  const groups = await groupsBy(context, field, name, by, given.operation);
  return reduceGroups(context, field, groups, reductionGiven(given, field));
};

/** The mean of each group. */
export const inferClimatology: Infer = async (context, given) => {
  const field = given.field('x');
  const [name, by] = onlyByName(given, 'time=month');
  const groups = await groupsBy(context, field, name, by, given.operation);
  return reduceGroups(context, field, groups, namedReduction('mean', field)!);
};

async function reduceGroups(
  context: InferContext,
  field: Field,
  groups: NamedGroups,
  reduction: FieldReduction,
): Promise<Field> {
  const ordered = orderGroups(context, field, groups, reduction.operation);
  const collapsed = await collapseCoordinates(field.coordinates, [groups.dimension], context.read);
  const coordinates = [groups.coordinate, ...collapsed.filter((each) => each.name !== groups.name)];
  return groupField(context, { ...field, node: ordered.node }, [ordered.groups], reduction, coordinates);
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
  const ordered = orderGroups(context, field, { ...groups, name: undefined }, 'mean');
  const mean = groupField(
    context,
    { ...field, node: ordered.node },
    [ordered.groups],
    namedReduction('mean', field)!,
    [],
  );
  const parameters: TakeParameters = { dimension, runs: runsOf(members), reach: groups.count };
  const means = addOperation(table, 'take', [mean.node], parameters, { ...table.nodes[mean.node], shape });
  return {
    node: addCall(table, '-', [field.node, means], dimensions),
    name: '',
    units: field.units,
    attributes: [],
    coordinates: field.coordinates,
  };
};
