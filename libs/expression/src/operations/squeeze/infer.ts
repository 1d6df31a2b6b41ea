import { HyperslabError } from '@hyperslab/errors';
import { dimensionsNamed } from '../../resolve/reduce-field.ts';
import { sliceCoordinates } from '../../resolve/slice-coordinates.ts';
import { sliceNode } from '../../resolve/slice-node.ts';
import type { Infer } from '../operation.ts';

/** Selects the one index of each of these dimensions, whose coordinates become scalar. */
export const inferSqueeze: Infer = async (context, given) => {
  let field = given.field('x');
  const names = given.texts('dimension');
  const { dimensions, shape } = context.table.nodes[field.node];
  const lengthOf = (dimension: string) => shape[dimensions.indexOf(dimension)];
  const named = dimensionsNamed(context, field, names);
  const long = named.find((dimension) => lengthOf(dimension) !== 1);
  if (names.length > 0 && long !== undefined) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"squeeze": "${long}" has ${lengthOf(long)} indices; expected 1; select one of them first, as ${long}=#0`,
    );
  }
  for (const dimension of named.filter((each) => lengthOf(each) === 1)) {
    const slice = { dimension, range: { start: 0, count: 1, step: 1 }, drop: true };
    field = {
      ...field,
      node: sliceNode(context.table, field.node, slice),
      coordinates: await sliceCoordinates(field.coordinates, slice, context.read),
    };
  }
  return field;
};
