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
