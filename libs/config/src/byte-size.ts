import { HyperslabError } from '@hyperslab/errors';

/** Bytes of each unit. Decimal and binary prefixes mean what IEC 80000-13 says; "4G" is refused as ambiguous. */
const units: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Number of bytes that "512MiB", "1.5GB" or "4096" means, a whole number.
 * @throws HyperslabError INVALID_ARGUMENT for anything else
 */
export function parseByteSize(text: string): number {
  const match = /^(\d{1,16}(?:\.\d{1,6})?)\s*([a-z]{0,3})$/i.exec(text.trim());
  const unit = match && units[match[2].toLowerCase()];
  const bytes = match && unit ? Math.round(Number(match[1]) * unit) : Number.NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `byte size "${text}": expected a number and one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, as in "512MiB"`,
  );
}

/** Bytes for people: 1536 is "1.5 KiB". */
export function formatByteSize(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = bytes;
  let power = 0;
  while (Math.abs(scaled) >= 1024 && power < names.length - 1) {
    scaled /= 1024;
    power++;
  }
  return `${Number(scaled.toFixed(1))} ${names[power]}`;
}
