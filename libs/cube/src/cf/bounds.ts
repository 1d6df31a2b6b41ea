import type { Attribute } from '@hyperslab/proto/array';
import { findAttribute, textAttribute } from './attributes.ts';

/** Name of the variable with the cell bounds of a coordinate (CF conventions, sections 7.1 and 7.4), or undefined. */
export function boundsName(attributes: readonly Attribute[]): string | undefined {
  const name = textAttribute(attributes, 'bounds') ?? textAttribute(attributes, 'climatology');
  return name === undefined || name.trim() === '' ? undefined : name.trim();
}

// What a bounds variable need not repeat of the coordinate that it belongs to.
const inherited = ['units', 'calendar', 'standard_name', 'axis', 'positive'];

/** Attributes of a bounds variable with those that it takes from its coordinate (CF conventions, section 7.1). */
export function boundsAttributes(own: readonly Attribute[], coordinate: readonly Attribute[]): Attribute[] {
  const missing = inherited.filter((name) => findAttribute(own, name) === undefined);
  return [...own, ...coordinate.filter((attribute) => missing.includes(attribute.name))];
}
