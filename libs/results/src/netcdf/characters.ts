/** Texts as UTF-8 of one width, the longest, with zeros behind the others. */
export function charactersOf(texts: readonly string[]): { width: number; characters: Uint8Array } {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const width = encoded.reduce((most, { length }) => Math.max(most, length), 1);
  const characters = new Uint8Array(width * texts.length);
  for (const [i, bytes] of encoded.entries()) characters.set(bytes, i * width);
  return { width, characters };
}
