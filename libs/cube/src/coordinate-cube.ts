import { type Coordinate, Cube, type Variable } from '@hyperslab/proto/cube';
import { textAttribute } from './cf/attributes.ts';

/** What fields of their own say of a cube. */
const stated: ReadonlySet<string> = new Set(['standard_name', 'long_name', 'units', 'calendar', 'bounds']);

/** A coordinate as a cube that has no coordinates itself, to be described and computed like a parameter. */
export function coordinateCube(variable: Variable, { standardName, units }: Coordinate): Cube {
  const { name, dtype, dimensions, shape, attributes } = variable;
  return Cube.fromPartial({
    ...{ name, standardName, units, dtype, dimensions, shape },
    longName: textAttribute(attributes, 'long_name') ?? '',
    attributes: attributes.filter((attribute) => !stated.has(attribute.name)),
  });
}
