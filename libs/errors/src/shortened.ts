const longest = 80;

/** A text from outside as a message may quote it: cut at 80 characters, with "…" for what is left out. */
export function shortened(text: string): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  // No half of a surrogate pair.
  return `${cut.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
