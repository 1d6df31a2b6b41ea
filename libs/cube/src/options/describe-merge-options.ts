import type { MergeOptions, MetadataChange } from '@hyperslab/proto/merge';
import { formatAttribute } from '../format-attribute.ts';

/** How files were merged, a line for each thing that is not as it is without options. */
export function describeMergeOptions(options: MergeOptions | undefined): string[] {
  if (options === undefined) return [];
  const { ignoreAttributes, dimensions, allowMissing, best, changes } = options;
  return [
    ...dimensions.map(({ name, attribute, pattern }) => {
      const where = attribute === '' ? 'the URL' : `the attribute ${attribute}`;
      return `dimension ${name} from ${where}${pattern === '' ? '' : `, ${pattern}`}`;
    }),
    ...(allowMissing ? ['places without a piece are missing data'] : []),
    ...(best ? ['of several forecasts for a time, that of the latest run'] : []),
    ...(ignoreAttributes.length === 0 ? [] : [`ignored attributes ${ignoreAttributes.join(', ')}`]),
    ...changes.map(describeChange),
  ];
}

/** A change in words: "set t.units = K". */
export function describeChange({ change }: MetadataChange): string {
  switch (change?.$case) {
    case 'rename':
      return `rename ${change.value.from} to ${change.value.to}`;
    case 'set': {
      const { variable, attribute } = change.value;
      return `set ${variable}.${attribute?.name} = ${attribute === undefined ? '' : formatAttribute(attribute)}`;
    }
    case 'remove':
      return `remove ${change.value.variable}.${change.value.attribute}`;
    case 'drop':
      return `drop ${change.value.variable}`;
    case 'add': {
      const { name, dimension } = change.value;
      return `add coordinate ${name}${dimension === '' ? '' : ` along ${dimension}`}`;
    }
    default:
      return 'nothing';
  }
}
