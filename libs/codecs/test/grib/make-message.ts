/** Octets of a number, big-endian; negative ones as sign and magnitude. */
function octets(value: number, width: number): number[] {
  const unsigned = value < 0 ? 2 ** (8 * width - 1) - value : value;
  return Array.from({ length: width }, (_, i) => Math.floor(unsigned / 256 ** (width - 1 - i)) % 256);
}

const ieee32 = (value: number): number[] => [
  ...new Uint8Array(new Uint32Array([new Uint32Array(new Float32Array([value]).buffer)[0]]).buffer).reverse(),
];

/** A section of GRIB 2: length, number, and what follows. */
export function section(number: number, content: readonly number[]): number[] {
  return [...octets(content.length + 5, 4), number, ...content];
}

/** Section 3 of a grid without a template's octets, which the codec does not look at. */
export const grid = (points: number): number[] =>
  section(3, [0, ...octets(points, 4), 0, 0, ...octets(0, 2)]);

/** Section 6 with bits, 1 where a point has a value. */
export function bitmap(bits: string): number[] {
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  );
  return section(6, [0, ...bytes]);
}

/** Section 6 of an indicator without bits: 255 none, 254 the one before, others predefined ones. */
export const bitmapIndicator = (indicator: number): number[] => section(6, [indicator]);

export interface Packing {
  template?: number;
  count: number;
  reference?: number;
  binaryScale?: number;
  decimalScale?: number;
  bits?: number;
  /** Octets from 21 on. */
  more?: readonly number[];
}

/** Section 5 of the templates that begin as simple packing does. */
export function representation(packing: Packing): number[] {
  const {
    template = 0,
    count,
    reference = 0,
    binaryScale = 0,
    decimalScale = 0,
    bits = 8,
    more = [0],
  } = packing;
  return section(5, [
    ...octets(count, 4),
    ...octets(template, 2),
    ...ieee32(reference),
    ...octets(binaryScale, 2),
    ...octets(decimalScale, 2),
    bits,
    ...more,
  ]);
}

/** A GRIB 2 message of sections. */
export function message(...sections: readonly number[][]): Uint8Array {
  const body = sections.flat();
  const indicator = [0x47, 0x52, 0x49, 0x42, 0, 0, 0, 2, ...octets(16 + body.length + 4, 8)];
  return Uint8Array.from([...indicator, ...body, 0x37, 0x37, 0x37, 0x37]);
}

/** A message with one field, its packed integers a byte each. */
export function simpleMessage(integers: readonly number[], packing: Partial<Packing> = {}): Uint8Array {
  const points = integers.length;
  const description = representation({ count: points, ...packing });
  return message(grid(points), description, bitmapIndicator(255), section(7, integers));
}

export interface Grib1Parts {
  /** Octets 1 to 3 of section 4 instead of its length. */
  statedLength?: number;
  /** The length of the message in octets 5 to 7, instead of what it is. */
  statedTotal?: number;
  decimalScale?: number;
  /** Octets 4 to 6 of section 3, and its bits; absent without a bitmap. */
  bitmap?: readonly number[];
  /** Flags of section 4, in the first four bits of octet 4. */
  flags?: number;
  /** Octets 5 to 10 of section 4: binary scale and reference value. */
  scaling?: readonly number[];
  /** Octets of section 4 from 11 on. */
  data: readonly number[];
}

/** A GRIB 1 message without section 2. */
export function message1(parts: Grib1Parts): Uint8Array {
  const { statedLength, statedTotal, decimalScale = 0, bitmap, flags = 0 } = parts;
  const { scaling = [0, 0, 0, 0, 0, 0], data } = parts;
  const product = [...octets(28, 3), 0, 7, 0, 0, bitmap === undefined ? 0 : 0x40, ...octets(0, 18)];
  const section1 = [...product, ...octets(decimalScale, 2)];
  const section3 = bitmap === undefined ? [] : [...octets(bitmap.length + 3, 3), ...bitmap];
  const section4 = [...octets(statedLength ?? data.length + 10, 3), flags, ...scaling, ...data];
  const body = [...section1, ...section3, ...section4];
  const total = octets(statedTotal ?? body.length + 12, 3);
  return Uint8Array.from([0x47, 0x52, 0x49, 0x42, ...total, 1, ...body, 0x37, 0x37, 0x37, 0x37]);
}
