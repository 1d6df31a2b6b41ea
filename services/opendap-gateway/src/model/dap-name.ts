/** Characters that every DAP2 client reads as part of a name. Not the dot: it stands between a grid and its parts. */
const plain = /[A-Za-z0-9_-]/;

/**
 * A name as DAP2 writes it: other characters as %XX of their UTF-8 bytes (ESE-RFC-004, section 5.1, "identifiers").
 * Different names stay different, since the percent sign is written so too.
 */
export function dapName(name: string): string {
  let out = '';
  for (const character of name) out += plain.test(character) ? character : percentBytes(character);
  return out;
}

/** The name of an attribute, which has no parts: its dots stay. */
export function attributeName(name: string): string {
  return name.split('.').map(dapName).join('.');
}

function percentBytes(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
