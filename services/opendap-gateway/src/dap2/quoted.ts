/** Text in double quotes as DAP2 writes it: quotes and backslashes behind a backslash; no NUL, which ends text in C. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\0', '').replace(/["\\]/g, '\\$&')}"`;
}
