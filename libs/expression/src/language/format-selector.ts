import type { IndexSpan, Selector } from '@hyperslab/proto/expression';
import { formatName, quote } from './source-name.ts';

/** The text of a selection; `textOf` writes the node of a condition. */
export function formatSelector({ name, component, by }: Selector, textOf: (node: number) => string): string {
  const subject = component === undefined ? formatName(name) : `${component}(${formatName(name)})`;
  switch (by?.$case) {
    case 'index':
      return `${subject}=#${by.value}`;
    case 'indices':
      return `${subject}=${formatSpan(by.value)}`;
    case 'indexList':
      return `${subject}=#[${by.value.indices.join(', ')}]`;
    case 'values':
      return `${subject}=${by.value.from === '' ? '' : formatValue(by.value.from)}:${by.value.to === '' ? '' : formatValue(by.value.to)}`;
    case 'valueList':
      return `${subject}=${formatList(by.value.values)}`;
    case 'nearest': {
      const { values, within, keepsDimension } = by.value;
      const wanted = keepsDimension ? formatList(values) : formatValue(values[0]);
      return `${subject}~${wanted}${within === undefined ? '' : ` within ${within}`}`;
    }
    case 'mask':
      return `${subject}=mask(${textOf(by.value)})`;
    default:
      return `${subject}=${formatValue(by?.value ?? '')}`;
  }
}

function formatSpan({ start, end, step }: IndexSpan): string {
  const marked = (index: number | undefined) => (index === undefined ? '' : `#${index}`);
  const steps = step === undefined ? '' : `:#${step}`;
  if (start === undefined && end === undefined && step === undefined) return '#:';
  return `${marked(start)}:${marked(end)}${steps}`;
}

function formatList(values: readonly string[]): string {
  return `[${values.map(formatValue).join(', ')}]`;
}

function formatValue(value: string): string {
  return /^[A-Za-z0-9_.+-]+$/.test(value) ? value : quote(value);
}
