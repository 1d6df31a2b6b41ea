import { isTimeComponent, timeComponents } from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Selector } from '@hyperslab/proto/expression';

/** As many values or indices a list may have; one of all that holds by a rule is a mask or a range. */
const maxListed = 65_536;

/** Throws EXPRESSION_INVALID for a selection that no text could mean. */
export function validateSelector({ name, component, by }: Selector): void {
  if (by === undefined)
    throw invalid(`selection of "${shortened(name)}" says not by what; expected an index or a value`);
  const indices = indicesOf(by);
  if (!indices.every(Number.isSafeInteger)) {
    throw invalid(
      `selection of "${shortened(name)}" has the index ${indices.slice(0, 8).join(':')}; expected whole numbers`,
    );
  }
  const listed = listLength(by);
  if (listed !== undefined && (listed === 0 || listed > maxListed))
    throw invalid(
      `selection of "${shortened(name)}" lists ${listed} values; expected 1 to ${maxListed}; a longer list is a range or mask(…)`,
    );
  if (by.$case === 'nearest' && by.value.values.length > 1 && !by.value.keepsDimension)
    throw invalid(`selection of "${shortened(name)}" looks for several values and drops its dimension`);
  if (by.$case === 'nearest' && !((by.value.within ?? 0) >= 0 && (by.value.within ?? 0) < Infinity))
    throw invalid(
      `selection of "${shortened(name)}" is within ${by.value.within}; expected a distance from 0`,
    );
  if (component !== undefined) validateComponent(name, component, by.$case);
}

function validateComponent(name: string, component: string, by: string): void {
  if (!isTimeComponent(component))
    throw invalid(`"${shortened(component)}" is no part of a time; known are ${timeComponents.join(' ')}`);
  if (!['value', 'values', 'valueList'].includes(by))
    throw invalid(`${component}(${shortened(name)}) is selected by values, not by index, nearest or mask`);
}

function indicesOf(by: NonNullable<Selector['by']>): number[] {
  if (by.$case === 'index') return [by.value];
  if (by.$case === 'indexList') return by.value.indices;
  if (by.$case !== 'indices') return [];
  return [by.value.start, by.value.end, by.value.step].filter((each) => each !== undefined);
}

function listLength(by: NonNullable<Selector['by']>): number | undefined {
  if (by.$case === 'indexList') return by.value.indices.length;
  return by.$case === 'valueList' || by.$case === 'nearest' ? by.value.values.length : undefined;
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
