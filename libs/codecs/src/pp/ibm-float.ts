/**
 * The number that the 32 bits of an IBM System/360 short float stand for: a sign, an exponent of 16 from -64 and a
 * fraction of 24 bits. Every one of them is exact as a double.
 */
export function ibmFloat(word: number): number {
  const fraction = word & 0xffffff;
  const exponent = ((word >>> 24) & 0x7f) - 64;
  const magnitude = fraction * 16 ** (exponent - 6);
  return word >>> 31 === 0 ? magnitude : -magnitude;
}
