import { textTable } from '../output/text-table.ts';

/** A table of the first so many rows, none wider than there is room, and how many are left out. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  shown: number,
  thing: string,
  columns: number,
): string[] {
  const lines = textTable(head, rows.slice(0, shown))
    .split('\n')
    .map((line) => clip(line, columns));
  const left = rows.length - shown;
  return left > 0 ? [...lines, `… ${left} more ${thing}${left === 1 ? '' : 's'}`] : lines;
}

/** A line of text from outside, as one line that fits: without control characters, cut with "…". */
export function clip(line: string, columns: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names and messages may have them, terminals obey them
  const plain = line.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  const signs = [...plain];
  return signs.length <= columns ? plain : `${signs.slice(0, columns - 1).join('')}…`;
}
