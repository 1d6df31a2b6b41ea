import type { Attribute } from '@hyperslab/proto/array';
import { textAttribute } from './attributes.ts';

/**
 * Names of the grid mapping variables of a variable (CF conventions, section 5.6): "crs", or in the extended form
 * "crsOSGB: x y crsWGS84: lat lon" those before a colon.
 */
export function gridMappingNames(attributes: readonly Attribute[]): string[] {
  const text = textAttribute(attributes, 'grid_mapping')?.trim() ?? '';
  if (!text.includes(':')) return text === '' ? [] : [text];
  return keyedNames(text).map(({ key }) => key);
}

/** Parts of "key: name key: name", as formula_terms and cell_measures have it; a key may have several names. */
export function keyedNames(text: string): { key: string; names: string[] }[] {
  const parts: { key: string; names: string[] }[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (word.endsWith(':')) parts.push({ key: word.slice(0, -1), names: [] });
    else parts.at(-1)?.names.push(word);
  }
  return parts;
}
