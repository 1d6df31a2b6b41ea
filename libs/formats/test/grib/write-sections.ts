/** Sections of messages, written by hand: octets in the order of the specification. */

/** Big-endian octets of a number; negative ones have the first bit set, as GRIB has signs. */
function octets(width: number, value: number): number[] {
  const magnitude = value < 0 ? 2 ** (8 * width - 1) - value : value;
  return Array.from({ length: width }, (_, i) => Math.floor(magnitude / 256 ** (width - 1 - i)) % 256);
}

/** "3:10 1:255": widths and numbers. */
function octetsOf(...items: [width: number, value: number][]): number[] {
  return items.flatMap(([width, value]) => octets(width, value));
}

/** A field of edition 1 as test messages have it. */
export interface Options1 {
  centre?: number;
  table?: number;
  parameter?: number;
  levelType?: number;
  level?: number;
  /** Unit, P1, P2, indicator, count. */
  time?: [unit: number, p1: number, p2: number, indicator: number, count?: number];
  /** Year of the century, month, day, hour; 21st century. */
  date?: [number, number, number, number];
  /** Octets from 41 on. */
  local?: number[];
  /** The whole section 2; none when `gridNumber` says which grid. */
  grid?: number[];
  gridNumber?: number;
  /** Values of 8 bits, as many as the grid has points. */
  data: number[];
}

/** Section 2: a latitude-longitude grid of 3 × 2 points. */
const grid1 = octetsOf(
  ...([
    [3, 32],
    [1, 0],
    [1, 255],
    [1, 0],
    [2, 3],
    [2, 2],
    [3, 60_000],
    [3, -10_000],
  ] as [number, number][]),
  ...([
    [1, 128],
    [3, 50_000],
    [3, 10_000],
    [2, 10_000],
    [2, 10_000],
    [1, 0],
    [4, 0],
  ] as [number, number][]),
);

export function message1(options: Options1): Uint8Array {
  const { centre = 98, table = 128, parameter = 130, levelType = 100, level = 500 } = options;
  const { time = [1, 6, 0, 0], date = [24, 6, 3, 12], local = [], gridNumber } = options;
  const [unit, p1, p2, indicator, count = 0] = time;
  const section2 = gridNumber === undefined ? (options.grid ?? grid1) : [];
  const section1 = [
    ...octetsOf([3, local.length === 0 ? 28 : 40 + local.length], [1, table], [1, centre], [1, 1]),
    ...octetsOf(
      [1, gridNumber ?? 255],
      [1, gridNumber === undefined ? 128 : 0],
      [1, parameter],
      [1, levelType],
    ),
    ...octetsOf([2, level], [1, date[0]], [1, date[1]], [1, date[2]], [1, date[3]], [1, 0]),
    ...octetsOf([1, unit], [1, p1], [1, p2], [1, indicator], [2, count], [1, 0], [1, 21], [1, 0], [2, 0]),
    ...(local.length === 0 ? [] : [...octets(12, 0), ...local]),
  ];
  const unused = options.data.length % 2 === 0 ? 8 : 0;
  const section4 = [
    ...octetsOf([3, 11 + options.data.length + unused / 8], [1, unused], [2, 0], [4, 0], [1, 8]),
    ...options.data,
    ...(unused === 0 ? [] : [0]),
  ];
  const body = [...section1, ...section2, ...section4];
  return Uint8Array.from([...ascii('GRIB'), ...octets(3, 8 + body.length + 4), 1, ...body, ...ascii('7777')]);
}

/** A field of edition 2 as test messages have it. */
export interface Field2 {
  /** Sections 2 and 3 before the field; the first field needs one. */
  before?: number[][];
  /** Section 4 from octet 8 on: template, category, number and the template's octets. */
  product: number[];
  /** Values of 8 bits. */
  data: number[];
}

const section = (number: number, content: number[]) => [...octets(4, 5 + content.length), number, ...content];

export const section2 = (content: number[]) => section(2, content);

/** Section 3: a grid of a template, from octet 15 on. */
export function section3(
  points: number,
  template: number,
  content: number[],
  list: [width: number, rows: number[]] = [0, []],
): number[] {
  const [width, rows] = list;
  const head = octetsOf([1, 0], [4, points], [1, width], [1, width === 0 ? 0 : 1], [2, template]);
  return section(3, [...head, ...content, ...rows.flatMap((row) => octets(width, row))]);
}

/** A sphere of 6371229 m. */
export const sphere = octetsOf([1, 6], [1, 0], [4, 0], [1, 0], [4, 0], [1, 0], [4, 0]);

/** Template 3.0: 3 × 2 points. */
export const grid2 = section3(6, 0, [
  ...sphere,
  ...octetsOf([4, 3], [4, 2], [4, 0], [4, 0xffffffff], [4, 60_000_000], [4, 350_000_000], [1, 0x30]),
  ...octetsOf([4, 50_000_000], [4, 10_000_000], [4, 10_000_000], [4, 10_000_000], [1, 0]),
]);

/** Template 4.0: a parameter and a surface, 6 hours after the reference time. */
export function product2(
  category: number,
  number: number,
  surface: number,
  value: number,
  hours = 6,
): number[] {
  return [
    ...octetsOf(
      [2, 0],
      [1, category],
      [1, number],
      [1, 2],
      [1, 0],
      [1, 0],
      [2, 0],
      [1, 0],
      [1, 1],
      [4, hours],
    ),
    ...octetsOf([1, surface], [1, 0], [4, value], [1, 255], [1, 255], [4, 0xffffffff]),
  ];
}

export function message2(fields: readonly Field2[], discipline = 0, centre = 7): Uint8Array {
  const identification = section(1, [
    ...octetsOf(
      [2, centre],
      [2, 0],
      [1, 28],
      [1, 0],
      [1, 1],
      [2, 2024],
      [1, 6],
      [1, 3],
      [1, 12],
      [1, 0],
      [1, 0],
    ),
    ...octetsOf([1, 0], [1, 1]),
  ]);
  const body = fields.flatMap(({ before = [], product, data }) => [
    ...before.flat(),
    ...section(4, [...octets(2, 0), ...product]),
    ...section(5, octetsOf([4, data.length], [2, 0], [4, 0], [2, 0], [2, 0], [1, 8], [1, 0])),
    ...section(6, [255]),
    ...section(7, data),
  ]);
  const length = 16 + identification.length + body.length + 4;
  return Uint8Array.from([
    ...ascii('GRIB'),
    ...octetsOf([2, 0], [1, discipline], [1, 2], [8, length]),
    ...identification,
    ...body,
    ...ascii('7777'),
  ]);
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, 'latin1')];
}
