import { decodeArray, isNumeric, itemSize } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayBlock } from '@hyperslab/proto/array';
import type { MergeOptions, MetadataChange } from '@hyperslab/proto/merge';
import { describeChange } from './describe-merge-options.ts';
import { compileRule } from './dimension-rule.ts';

const mostChanges = 10_000;
const mostDimensions = 16;
/** Values of a coordinate that is added. */
const mostBytes = 1024 * 1024;

/** Throws INVALID_ARGUMENT for options that no files could be merged with, before any file is looked at. */
export function checkMergeOptions({ dimensions, changes }: MergeOptions): void {
  for (const [count, most, what] of [
    [dimensions.length, mostDimensions, 'dimensions from URLs or attributes'],
    [changes.length, mostChanges, 'changes of metadata'],
  ] as const)
    if (count > most)
      throw new HyperslabError('INVALID_ARGUMENT', `publish has ${count} ${what}; expected up to ${most}`);
  for (const rule of dimensions) compileRule(rule);
  for (const change of changes) checkChange(change);
}

function checkChange(change: MetadataChange): void {
  const problem = problemOf(change);
  if (problem !== undefined)
    throw new HyperslabError('INVALID_ARGUMENT', `change "${describeChange(change)}": ${problem}`);
}

function problemOf({ change }: MetadataChange): string | undefined {
  const isName = (name: string) => /^[^\s/\0]+$/.test(name) && name.length <= 256;
  const isAttribute = (name: string | undefined) => name !== undefined && name !== '';
  switch (change?.$case) {
    case 'rename':
      return change.value.from !== '' && isName(change.value.to)
        ? undefined
        : 'expected two names, the new one without spaces and slashes';
    case 'set':
      return isAttribute(change.value.attribute?.name) ? undefined : 'expected the name of an attribute';
    case 'remove':
      return isAttribute(change.value.attribute) ? undefined : 'expected the name of an attribute';
    case 'drop':
      return change.value.variable === '' ? 'expected the name of a variable' : undefined;
    case 'add': {
      const { name, dimension, values } = change.value;
      if (!isName(name)) return 'expected a name without spaces and slashes';
      if (values === undefined || values.shape.length !== (dimension === '' ? 0 : 1))
        return dimension === ''
          ? 'expected one value, as it names no dimension'
          : `expected a list of values along ${dimension}`;
      return areValues(values) ? undefined : `expected ${values.shape[0] ?? 1} numbers or texts`;
    }
    default:
      return 'expected a rename, a set, a remove, a drop or an add';
  }
}

/** Whether a block is what it says: as many values of a type that can be computed with. */
function areValues({ dtype, shape, data, mask }: ArrayBlock): boolean {
  const [count = 1] = shape;
  const least = dtype === 'string' ? 4 : isNumeric(dtype) ? itemSize(dtype) : Infinity;
  if (data.length > mostBytes || count < 1 || count * least > data.length || mask.length > 0) return false;
  try {
    decodeArray({ dtype, shape, data, mask });
    return true;
  } catch {
    return false;
  }
}
