import type { ParameterLine } from '../../../src/explore/messages.ts';

/** What people call a parameter. */
export function titleOf({
  name,
  standardName,
  longName,
}: Pick<ParameterLine, 'name' | 'standardName' | 'longName'>) {
  const text = longName || standardName.replaceAll('_', ' ') || name;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
