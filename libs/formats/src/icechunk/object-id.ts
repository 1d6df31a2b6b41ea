/** Crockford's base 32: no I, L, O, U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The name of an object by its id: base 32 as Crockford has it, upper case, zero bits at the end, no padding. */
export function objectName(id: Uint8Array): string {
  let name = '';
  let [bits, held] = [0, 0];
  for (const byte of id) {
    bits = ((bits << 8) | byte) & 0xfff;
    held += 8;
    for (; held >= 5; held -= 5) name += digits[(bits >> (held - 5)) & 31];
  }
  return held === 0 ? name : name + digits[(bits << (5 - held)) & 31];
}

/** Whether a text is the name of a snapshot, manifest or chunk: 12 bytes in 20 digits. */
export function isObjectName(text: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(text);
}
