import { createHash } from 'node:crypto';
import type { Attribute } from '@hyperslab/proto/array';
import { type Axis, type AxisWords, axisValues, sectionAxis } from './axis.ts';
import { hasDatedRows, mapCodes, type SectionAxes, sectionAxes } from './axis-codes.ts';
import { datedRows } from './dated-rows.ts';
import type { ExtraData } from './extra-data.ts';
import type { PpHeader } from './header.ts';
import { type Horizontal, horizontalOf } from './horizontal.ts';
import { isZonalMean } from './processing.ts';

/** What lies along rows and columns of a field. */
export interface PpGrid {
  /** A name by content: equal for equal grids of any file. */
  name: string;
  y: Axis;
  x: Axis;
  /** The grid mapping, for maps. */
  mapping?: { name: string; attributes: Attribute[] };
  /** Where the north pole of a rotated map is, whose points have places of their own; degrees. */
  pole?: { latitude: number; longitude: number };
  /** Where the sites along an axis are, in the order of that axis. */
  sites: Site[];
  /** What could not be told, in words. */
  notes: string[];
}

/** A coordinate of sites, which have bounds: the domain that each is of. */
interface Site {
  along: 'x' | 'y';
  name: string;
  attributes: Attribute[];
  values: number[];
  bounds: number[];
}

/** Codes of latitude, longitude and sites along an axis of a cross-section. */
const latitudeCode = 10;
const longitudeCode = 11;
const siteCode = 13;

/** What a domain is that is none. */
const noDomain = Math.fround(-1e30);

/**
 * The grid of a field of `shape` [rows, columns], by LBCODE, the words BZY to BDX and the extra data (UM documentation
 * paper F3, "LBCODE" and "Extra data"). Axes of which nothing is known get an index only, and a note.
 */
export function gridOf(header: PpHeader, extra: ExtraData, shape: [number, number]): PpGrid {
  const missing = header.bmdi;
  const dated = hasDatedRows(header) ? datedRows(header, shape[0]) : undefined;
  const yWords: AxisWords = {
    ...{ size: shape[0], zeroth: header.bzy, step: dated === undefined ? header.bdy : 0, missing },
    ...{ vector: dated ?? extra.y, lower: extra.yLower, upper: extra.yUpper },
  };
  const xWords: AxisWords = {
    ...{ size: shape[1], zeroth: header.bzx, step: header.bdx, missing },
    ...{ vector: extra.x, lower: extra.xLower, upper: extra.xUpper },
  };
  const notes: string[] = [];
  const make = (
    known: { name: string; attributes: Attribute[] } | undefined,
    letter: 'x' | 'y',
    words: AxisWords,
    cells: boolean,
  ): Axis => {
    const { values, bounds } = axisValues(words, cells);
    if (known !== undefined && values !== undefined) return { ...known, size: words.size, values, bounds };
    const reason = known === undefined ? `LBCODE is ${header.lbcode}` : 'the file does not tell its values';
    notes.push(`the ${letter} axis of ${words.size} points has no coordinate: ${reason}`);
    return { name: known?.name ?? letter, size: words.size, attributes: [] };
  };
  const axes = sectionAxes(header);
  const horizontal = horizontalOf(header);
  const isMap = mapCodes.includes(header.lbcode);
  const along = (code: number) =>
    code === latitudeCode ? horizontal.y : code === longitudeCode ? horizontal.x : sectionAxis(code);
  const yKnown = axes === undefined ? (isMap ? horizontal.y : undefined) : along(axes.y);
  const xKnown = axes === undefined ? (isMap ? horizontal.x : undefined) : along(axes.x);
  const cells = isMap && header.lbcode % 100 === 2;
  const y = make(yKnown, 'y', yWords, cells);
  const x = make(xKnown, 'x', xWords, cells || (isMap && isZonalMean(header)));
  // A zonal mean of one column is one of the whole circle, whatever its step says.
  if (isMap && isZonalMean(header) && x.size === 1 && x.values !== undefined) x.bounds = [0, 360];
  if (x.name === y.name) x.name = `${x.name}_2`;
  const sites = axes === undefined ? [] : sitesOf(axes, extra, horizontal, { x: x.size, y: y.size });
  const grid = { y, x, mapping: isMap ? horizontal.mapping : undefined, sites };
  const isPlaced = isMap && y.values !== undefined && x.values !== undefined;
  const content = createHash('sha256').update(JSON.stringify(grid)).digest('hex').slice(0, 8);
  return {
    ...grid,
    name: `${y.name}${y.size}_${x.name}${x.size}_${content}`,
    pole: isPlaced ? horizontal.pole : undefined,
    notes,
  };
}

/** Where the sites along an axis are: the middles of the domains that extra data tell. */
function sitesOf(
  axes: SectionAxes,
  extra: ExtraData,
  horizontal: Horizontal,
  sizes: { x: number; y: number },
): Site[] {
  const along = axes.x === siteCode ? 'x' : axes.y === siteCode ? 'y' : undefined;
  if (along === undefined) return [];
  const { xDomainLower, xDomainUpper, yDomainLower, yDomainUpper } = extra;
  const site = (
    code: number,
    { name, attributes }: { name: string; attributes: Attribute[] },
    lower: number[] | undefined,
    upper: number[] | undefined,
  ): Site[] => {
    const isTold = [lower, upper].every((ends) => ends?.length === sizes[along] && !ends.includes(noDomain));
    if (!isTold || axes.x === code || axes.y === code) return [];
    const values = lower!.map((end, i) => (end + upper![i]) / 2);
    const texts = attributes.filter((attribute) => attribute.name !== 'axis');
    return [{ along, name, attributes: texts, values, bounds: lower!.flatMap((end, i) => [end, upper![i]]) }];
  };
  return [
    ...site(longitudeCode, horizontal.x, xDomainLower, xDomainUpper),
    ...site(latitudeCode, horizontal.y, yDomainLower, yDomainUpper),
  ];
}
