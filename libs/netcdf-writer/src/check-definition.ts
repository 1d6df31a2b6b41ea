import { elementCount } from '@hyperslab/array';
import type { DimensionDefinition, Netcdf4Definition, VariableDefinition } from './definition.ts';
import { invalidDefinition } from './invalid-definition.ts';

/** Attributes that carry netCDF's structure; readers hide them. */
const reserved = new Set([
  'CLASS',
  'NAME',
  'DIMENSION_LIST',
  'REFERENCE_LIST',
  '_Netcdf4Dimid',
  '_Netcdf4Coordinates',
  '_NCProperties',
  '_nc3_strict',
]);

/** An HDF5 chunk is counted in 32 bits. */
const largestChunkBytes = 0xffff_ffff;

/** Throws INVALID_ARGUMENT, naming the thing, for what netCDF-4 can't hold. */
export function checkDefinition({ dimensions, attributes, variables }: Netcdf4Definition): void {
  unique('dimension', dimensions);
  unique('variable', variables);
  checkAttributes('the file', attributes);
  const byName = new Map(dimensions.map((dimension) => [dimension.name, dimension]));
  for (const variable of variables) checkVariable(variable, byName);
}

function unique(kind: string, named: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    // netCDF name rules: no slash, no control characters, no trailing blank (netCDF classic format, "name").
    if (name === '' || name === '.' || name === '..' || /[/\p{Cc}]|\s$/u.test(name))
      throw invalidDefinition(
        `${kind} "${name}": a netCDF name has no slash, control character or end blank`,
      );
    if (seen.has(name)) throw invalidDefinition(`${kind} "${name}" is defined twice`);
    seen.add(name);
  }
}

function checkAttributes(owner: string, attributes: VariableDefinition['attributes']): void {
  const seen = new Set<string>();
  for (const { name } of attributes) {
    if (reserved.has(name))
      throw invalidDefinition(`${owner}: attribute "${name}" is kept for netCDF itself`);
    if (name === '' || seen.has(name))
      throw invalidDefinition(`${owner}: attribute "${name}" is empty or double`);
    seen.add(name);
  }
}

function checkVariable(variable: VariableDefinition, dimensions: Map<string, DimensionDefinition>): void {
  const { name, dtype, values, chunks } = variable;
  checkAttributes(`variable "${name}"`, variable.attributes);
  const own = variable.dimensions.map((dimension) => {
    const found = dimensions.get(dimension);
    if (!found) throw invalidDefinition(`variable "${name}": dimension "${dimension}" is not defined`);
    return found;
  });
  const shape = own.map(({ length }) => length);
  if (values !== undefined) {
    const count = elementCount(shape);
    if (values.length !== count)
      throw invalidDefinition(`variable "${name}": expected ${count} values, got ${values.length}`);
  } else if (chunks === undefined || shape.length === 0) {
    throw invalidDefinition(`variable "${name}": expected its values, or chunks to write them in`);
  }
  if (chunks !== undefined) checkChunks(variable, chunks.shape, own);
  if (dtype === 'string' && (values === undefined || chunks !== undefined))
    throw invalidDefinition(`variable "${name}": strings are written whole, from its values, without chunks`);
}

function checkChunks(
  { name }: VariableDefinition,
  chunk: readonly number[],
  dimensions: readonly DimensionDefinition[],
): void {
  const fits =
    chunk.length === dimensions.length &&
    chunk.every((extent, axis) => {
      const { length, unlimited } = dimensions[axis];
      return Number.isInteger(extent) && extent >= 1 && (unlimited || length === 0 || extent <= length);
    });
  if (!fits)
    throw invalidDefinition(
      `variable "${name}": chunk [${chunk.join(', ')}] does not fit dimensions [${dimensions.map(({ length }) => length).join(', ')}]`,
    );
  if (elementCount(chunk) * 8 > largestChunkBytes)
    throw invalidDefinition(`variable "${name}": chunk [${chunk.join(', ')}] is over 4 GiB`);
}
