import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Field } from '../../resolve/field.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import { expandByCoordinate, expandByValues } from '../expand/expand-field.ts';
import type { Infer, InferContext } from '../operation.ts';
import { joinFields } from './join-fields.ts';

/** Arrays one after the other along a dimension that all have. */
export const inferConcat: Infer = async (context, given) => {
  const fields = given.fields('x');
  const dimension = dimensionNamed(context, fields[0], given.text('along')!);
  return joinFields(context, 'concat', fields, dimension);
};

/** Arrays along a new dimension, one at each of its values. */
export const inferStack: Infer = async (context, given) => {
  const fields = given.fields('x');
  const [named, ...others] = given.byName();
  if (named === undefined || others.length > 0)
    throw invalid('"stack" makes one dimension; expected one, as stack(a, b, member=[1, 2])');
  const [name, value] = named;
  const values = (typeof value === 'object' ? value : [value]) as readonly (number | string)[];
  if (values.length !== fields.length)
    throw invalid(
      `"stack" has ${fields.length} arrays and ${values.length} values of "${shortened(name)}"; expected as many`,
    );
  if (new Set(values).size < values.length)
    throw invalid(`"stack" has a value of "${shortened(name)}" twice; expected one for each array`);
  return stackFields(context, 'stack', fields, name, values);
};

/** Arrays as members of an ensemble: by what tells them apart, if all have it, else numbered in their order. */
export const inferEnsemble: Infer = async (context, given) => {
  const fields = given.fields('x');
  const name = given.text('name') ?? 'realization';
  const isMember = ({ coordinates }: Field) =>
    coordinates.some((each) => each.name === name && each.dimensions.length === 0);
  if (!fields.every(isMember)) return stackFields(context, 'ensemble', fields, name, [...fields.keys()]);
  const members = await Promise.all(fields.map((field) => expandByCoordinate(context, field, name)));
  return joinFields(context, 'ensemble', members, name);
};

function stackFields(
  context: InferContext,
  operation: string,
  fields: readonly Field[],
  name: string,
  values: readonly (number | string)[],
): Promise<Field> {
  const members = fields.map((field, i) =>
    expandByValues(context, field, name, [values[i]] as number[] | string[]),
  );
  return joinFields(context, operation, members, name);
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
