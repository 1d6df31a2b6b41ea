import type { Attribute } from '@hyperslab/proto/array';
import { textAttribute } from '../cf/attributes.ts';
import { publicName } from '../cf/names.ts';
import { parseTimeUnits } from '../cf/time-units.ts';
import type { ContentTable } from './content-table.ts';
import type { Difference } from './difference.ts';
import { shortValue } from './global-attributes.ts';
import type { PieceGroup } from './piece.ts';
import { isSilent } from './silent-attributes.ts';

/** The first thing that makes two groups of one path different kinds: dimensions, an attribute, or a coordinate. */
export function groupDifference(first: PieceGroup, other: PieceGroup, contents: ContentTable): Difference {
  if (first.dimensions.join() !== other.dimensions.join()) return dimensionDifference(first, other);
  const traits = Object.keys({ ...first.traits, ...other.traits });
  const trait = traits.find((each) => first.traits[each] !== other.traits[each]);
  return trait === undefined ? orderDifference(first, other) : traitDifference(trait, first, other, contents);
}

/** Fields whose coordinates come in another order. */
function orderDifference(first: PieceGroup, other: PieceGroup): Difference {
  const [a, b] = [first, other].map(({ links }) => links.map(({ path }) => publicName(path)).join(', '));
  return { name: 'coordinates', what: 'coordinates are', a, b, advice: noOption };
}

/** What a trait of two groups is: an attribute, or a variable that belongs to them and has dimensions and units. */
export function traitDifference(
  trait: string,
  first: PieceGroup,
  other: PieceGroup,
  contents: ContentTable,
): Difference {
  const [a, b] = [first, other].map(({ traits }) => traits[trait]);
  const path = trait.slice(trait.indexOf(' ') + 1);
  if (path !== trait) return linkDifference(trait, publicName(path), [first, other], contents);
  const isStored = trait === 'kind';
  return {
    name: isStored ? 'type' : trait,
    what: `${isStored ? 'type' : trait} is`,
    a: quoted(a),
    b: quoted(b),
    advice: isStored ? noOption : setAdvice(`${publicName(first.path)}.${trait}`),
  };
}

const roleNames = {
  dimension: 'a coordinate',
  auxiliary: 'a coordinate',
  bounds: 'bounds',
  grid_mapping: 'a grid mapping',
};

const noOption = 'no option makes them one cube';

function dimensionDifference(first: PieceGroup, other: PieceGroup): Difference {
  const [a, b] = [first, other].map(({ dimensions }) => `(${dimensions.map(publicName).join(', ')})`);
  const renamed = first.dimensions.flatMap((path, d) => {
    const now = other.dimensions[d];
    return now === undefined || now === path ? [] : [{ from: now, to: path }];
  });
  // A rename can help where each side has names that the other has not.
  const isNamed =
    first.dimensions.length === other.dimensions.length &&
    renamed.every(({ from, to }) => !first.dimensions.includes(from) && !other.dimensions.includes(to));
  const pairs = renamed.map(({ from, to }) => `${publicName(from)}: ${publicName(to)}`).join(', ');
  const advice = isNamed ? `"rename: {${pairs}}" of an --overlay makes them equal` : noOption;
  return { name: 'dimensions', what: 'dimensions are', a, b, advice };
}

/** Of a linked variable, that one side lacks it, or the dimensions, units or attributes of it. */
function linkDifference(
  trait: string,
  name: string,
  groups: PieceGroup[],
  contents: ContentTable,
): Difference {
  const dropped = `"drop: [${name}]" of an --overlay leaves it out`;
  const links = groups.map(({ links, pieces, traits }) => {
    if (traits[trait] === undefined) return undefined;
    const i = links.findIndex(({ role, path }) => `${role} ${path}` === trait);
    return { ...links[i], content: contents.get(pieces[0].contents[i]) };
  });
  const [first, other] = links;
  if (first === undefined || other === undefined) {
    const [a, b] = links.map((link) => (link === undefined ? 'not there' : roleNames[link.role]));
    return { name, what: `"${name}" is`, a, b, advice: dropped };
  }
  const [a, b] = [first, other].map(({ dimensions }) => `(${dimensions.map(publicName).join(', ')})`);
  if (a !== b) return { name, what: `dimensions of "${name}" are`, a, b, advice: dropped };
  const sides = [first, other].map(({ content }) => content.variable.attributes);
  const attribute = first.role === 'grid_mapping' ? tellingAttribute(sides) : unitsAttribute(sides);
  // Bounds have units of what they are bounds of: then it is that whose attributes differ.
  if (attribute === undefined) {
    const [unitsA, unitsB] = groups.map(({ traits }) => quoted(traits[trait].replace(/^\([^)]*\)/, '')));
    return { name, what: `units of "${name}" are`, a: unitsA, b: unitsB, advice: dropped };
  }
  const full = `${name}.${attribute}`;
  const [valueA, valueB] = sides.map((attributes) => valueText(attributes, attribute));
  return { name: full, what: `${full} is`, a: valueA, b: valueB, advice: setAdvice(full) };
}

/** The first attribute that two grid mappings have otherwise. */
function tellingAttribute(sides: (readonly Attribute[])[]): string | undefined {
  const names = sides.flat().map(({ name }) => name);
  return names.find((name) => !isSilent(name) && valueText(sides[0], name) !== valueText(sides[1], name));
}

/** Which of calendar and units differs; undefined when neither does as it is written. */
function unitsAttribute(sides: (readonly Attribute[])[]): string | undefined {
  const [unitsA, unitsB] = sides.map((attributes) => textAttribute(attributes, 'units') ?? '');
  const [a, b] = sides.map((attributes) =>
    parseTimeUnits(textAttribute(attributes, 'units') ?? '', textAttribute(attributes, 'calendar') ?? ''),
  );
  if (a !== undefined && b !== undefined && a.calendar !== b.calendar) return 'calendar';
  return unitsA === unitsB ? undefined : 'units';
}

function setAdvice(what: string): string {
  return `--set '${what}=VALUE' makes them equal, which changes what the files say, not the numbers`;
}

function valueText(attributes: readonly Attribute[], name: string): string {
  const attribute = attributes.find((each) => each.name === name);
  return attribute === undefined ? 'not there' : shortValue(attribute);
}

function quoted(text: string): string {
  return JSON.stringify(text.trim());
}
