/** What tells pieces apart, one small number for each piece: equal numbers, equal values. */
export interface Column {
  codes: Int32Array;
  /** How many different codes there are: 0 … cardinality - 1, in order of first appearance. */
  cardinality: number;
  /** A piece with each code. */
  firsts: number[];
}

/** A column from any number or text of each piece. */
export function columnOf(count: number, valueAt: (piece: number) => number | string): Column {
  const codes = new Int32Array(count);
  const known = new Map<number | string, number>();
  const firsts: number[] = [];
  for (let piece = 0; piece < count; piece++) {
    const value = valueAt(piece);
    let code = known.get(value);
    if (code === undefined) {
      code = firsts.push(piece) - 1;
      known.set(value, code);
    }
    codes[piece] = code;
  }
  return { codes, cardinality: firsts.length, firsts };
}

/** Cells of the grid that the columns span; the product of their cardinalities. */
export function cellsOf(columns: readonly Column[]): number {
  return columns.reduce((product, column) => product * column.cardinality, 1);
}

/** Number of the cell of a piece in the grid that the columns span, row-major. */
export function cellOfPiece(columns: readonly Column[], piece: number): number {
  let cell = 0;
  for (const column of columns) cell = cell * column.cardinality + column.codes[piece];
  return cell;
}

/** Whether each cell of the grid that the columns span holds exactly one of `count` pieces. */
export function fillsGrid(columns: readonly Column[], count: number): boolean {
  if (cellsOf(columns) !== count) return false;
  const taken = new Uint8Array(count);
  for (let piece = 0; piece < count; piece++) {
    const cell = cellOfPiece(columns, piece);
    if (taken[cell] === 1) return false;
    taken[cell] = 1;
  }
  return true;
}

/** A column that numbers the pieces of equal cell in their order. */
export function occurrences(columns: readonly Column[], count: number): Column {
  const seen = new Map<number, number>();
  return columnOf(count, (piece) => {
    const cell = cellOfPiece(columns, piece);
    const occurrence = seen.get(cell) ?? 0;
    seen.set(cell, occurrence + 1);
    return occurrence;
  });
}
