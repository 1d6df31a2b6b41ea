import type { NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Rolling, rollingType } from '@hyperslab/kernels';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import { unitsOfDifferences, unitsOfMultiples, unitsToPower } from '../../resolve/units-of-call.ts';
import type { Infer } from '../operation.ts';
import type { RollingParameters } from './rule.ts';

/** A window has n elements: the element and those before it, or as xarray has it with `center`, half of them before it. */
export const inferRolling: Infer = async (context, given) => {
  const field = given.field('x');
  const operation = given.text('operation') as Rolling;
  const node = context.table.nodes[field.node];
  assertNumeric(node, 'rolling');
  const [window, ...others] = given.byName();
  if (window === undefined || others.length > 0)
    throw invalid('"rolling" moves along one dimension; expected one, as rolling(t, mean, time=5)');
  const [name, size] = window as [string, number];
  const dimension = dimensionNamed(context, field, name);
  const extent = node.shape[node.dimensions.indexOf(dimension)];
  if (extent === 0) throw invalid(`"rolling" along "${dimension}": no window has room; it is 0 long`);
  if (size < 1 || size > extent)
    throw invalid(`${name}=${size} of "rolling": expected 1 to ${extent}, the length of "${dimension}"`);
  const least = given.number('min_periods') ?? size;
  if (least < 1 || least > size)
    throw invalid(`min_periods=${least} of "rolling": expected 1 to ${size}, the length of the window`);
  const before = given.text('center') === 'true' ? Math.floor(size / 2) : size - 1;
  const parameters: RollingParameters = {
    operation,
    dimension,
    before,
    after: size - 1 - before,
    extent,
    least,
  };
  const dtype = rollingType(operation, node.dtype as NumericType);
  return {
    node: addOperation(context.table, 'rolling', [field.node], parameters, { ...node, dtype }),
    name: '',
    units: unitsOf(operation, field.units),
    attributes: [],
    coordinates: field.coordinates,
    isReading: field.isReading && ['mean', 'min', 'max', 'median'].includes(operation),
  };
};

function unitsOf(operation: Rolling, units: string): string {
  if (operation === 'count') return '1';
  if (operation === 'var') return unitsToPower(unitsOfDifferences(units), 2);
  if (operation === 'sum') return unitsOfMultiples(units);
  return operation === 'std' ? unitsOfDifferences(units) : units;
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
