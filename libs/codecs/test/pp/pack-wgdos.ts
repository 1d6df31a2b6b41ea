/** What to pack, as UM documentation paper F3 describes the packing. */
export interface WgdosField {
  rows: number;
  columns: number;
  /** Row by row. */
  values: readonly number[];
  missing: number;
  /** The precision is two to this power. */
  exponent: number;
  /** Bitmaps that rows have where they need them. */
  zeroMap: boolean;
  minimumMap: boolean;
}

/** Packs a field, big-endian, and tells the values that it stands for then. */
export function packWgdos(field: WgdosField): { packed: Uint8Array; expected: number[] } {
  const { rows, columns, values, exponent } = field;
  const words = [0, exponent >>> 0, ((columns << 16) | rows) >>> 0];
  const expected: number[] = [];
  for (let row = 0; row < rows; row++) {
    const packed = packRow(values.slice(row * columns, (row + 1) * columns), field);
    words.push(...packed.words);
    expected.push(...packed.expected);
  }
  words[0] = words.length;
  const bytes = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * i);
  return { packed: new Uint8Array(bytes), expected };
}

function packRow(values: readonly number[], { missing, exponent, zeroMap, minimumMap }: WgdosField) {
  const precision = 2 ** exponent;
  const isMissing = values.map((value) => value === missing);
  const isZero = values.map((value) => zeroMap && value === 0);
  const others = values.filter((_, i) => !isMissing[i] && !isZero[i]);
  const base = ibmBelow(others.length === 0 ? 0 : others.reduce((a, b) => Math.min(a, b)));
  const steps = values.map((value) => Math.round((value - base.value) / precision));
  const isMinimum = values.map((_, i) => minimumMap && !isMissing[i] && !isZero[i] && steps[i] === 0);
  const stored = steps.filter((_, i) => !isMissing[i] && !isZero[i] && !isMinimum[i]);
  const width = stored.reduce(
    (most, step) => Math.max(most, step === 0 ? 0 : Math.floor(Math.log2(step)) + 1),
    0,
  );
  const maps: [flag: number, bits: boolean[]][] = [];
  if (isMissing.includes(true)) maps.push([32, isMissing]);
  if (isMinimum.includes(true)) maps.push([64, isMinimum]);
  if (isZero.includes(true)) maps.push([128, isZero.map((zero) => !zero)]);
  let bits = maps.map(([, map]) => map.map((set) => (set ? '1' : '0')).join('')).join('');
  bits = bits.padEnd(32 * Math.ceil(bits.length / 32), '0');
  if (width > 0) bits += stored.map((step) => step.toString(2).padStart(width, '0')).join('');
  const data = (bits.match(/.{1,32}/g) ?? []).map((word) => Number.parseInt(word.padEnd(32, '0'), 2));
  const flags = maps.reduce((sum, [flag]) => sum + flag, width);
  return {
    words: [base.word, ((flags << 16) | data.length) >>> 0, ...data],
    expected: values.map((_, i) =>
      isMissing[i] ? missing : isZero[i] ? 0 : base.value + steps[i] * precision,
    ),
  };
}

/** The largest IBM float that is not above a number: its bits and its value. */
function ibmBelow(number: number): { word: number; value: number } {
  if (number === 0) return { word: 0, value: 0 };
  const magnitude = Math.abs(number);
  let exponent = 0;
  while (magnitude >= 16 ** exponent) exponent++;
  while (magnitude < 16 ** (exponent - 1)) exponent--;
  const scaled = magnitude * 16 ** (6 - exponent);
  let fraction = number > 0 ? Math.floor(scaled) : Math.ceil(scaled);
  if (fraction === 2 ** 24) {
    fraction /= 16;
    exponent++;
  }
  const value = Math.sign(number) * fraction * 16 ** (exponent - 6);
  const sign = number < 0 ? 0x80000000 : 0;
  return { word: (sign + (exponent + 64) * 2 ** 24 + fraction) >>> 0, value };
}
