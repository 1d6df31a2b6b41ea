import type { Attribute } from '@hyperslab/proto/array';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import { type LongitudeRange, longitudeRanges } from './longitudes.ts';
import { timeKey } from './time-key.ts';

/** What searching needs of a dataset. */
export interface SearchDocument {
  /** All words, in lower case, a line each. */
  text: string;
  cubes: SearchedCube[];
}

/** What filtering needs of a cube. Text is in lower case; what is unknown is undefined. */
interface SearchedCube {
  name: string;
  standardName: string;
  longName: string;
  timeStart?: string;
  timeEnd?: string;
  south?: number;
  north?: number;
  longitudes: LongitudeRange[];
}

/** Attributes longer than this are prose or tables (history, lists of files): their beginning is searched. */
const attributeLimit = 2000;

/** What searching needs of a dataset: pure, so that it can be made again from the events. */
export function searchDocument(dataset: Dataset): SearchDocument {
  const lines = [
    dataset.name,
    dataset.title,
    ...dataset.cubes.flatMap(({ name, standardName, longName, attributes }) => [
      name,
      standardName,
      longName,
      ...attributes.flatMap(attributeText),
    ]),
    ...dataset.attributes.flatMap(attributeText),
  ];
  const text = [...new Set(lines.filter((line) => line !== '').map(folded))].join('\n');
  return { text, cubes: dataset.cubes.map(searchedCube) };
}

/** Text as it is compared. SQLite ends text at NUL in places. */
export function folded(text: string): string {
  return text.toLowerCase().replaceAll('\0', ' ');
}

function attributeText({ name, strings, integers, numbers }: Attribute): string[] {
  const values = [...strings, ...integers, ...numbers.map(String)].join(' ');
  return [name, values.slice(0, attributeLimit)];
}

function searchedCube({ name, standardName, longName, extent }: Cube): SearchedCube {
  const { west, east, south, north } = extent ?? {};
  return {
    name: folded(name),
    standardName: folded(standardName),
    longName: folded(longName),
    timeStart: timeKey(extent?.timeStart ?? ''),
    timeEnd: timeKey(extent?.timeEnd ?? '', true),
    south,
    north,
    longitudes: west === undefined || east === undefined ? [] : longitudeRanges(west, east),
  };
}
