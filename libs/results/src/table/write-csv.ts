import type { OutputFile } from '@hyperslab/storage';
import { type NamedResult, type SavedVariable, savedVariable } from '../save-options.ts';
import { isoTimes } from './iso-times.ts';
import { type PlainValue, valueReader } from './plain-values.ts';
import { elementsOf, type PlaceColumn, tableColumns } from './table-columns.ts';
import { fillingsOf, tableRows } from './table-rows.ts';

const rowsAtOnce = 2 ** 14;

/**
 * Writes results as CSV (RFC 4180), and closes it: a row for each point; a column for each dimension (its coordinate, or
 * the index where it has none), for each other coordinate that varies, and for each result. Times are in ISO 8601, missing
 * values and NaN empty.
 */
export async function writeCsv(file: OutputFile, results: readonly NamedResult[]): Promise<SavedVariable[]> {
  const { shape, places, values } = tableColumns(results);
  const varying = places.filter(({ strides }) => strides.some((stride) => stride !== 0));
  const readers = varying.map(placeReader);
  const fillings = fillingsOf(results);
  let at = 0;
  const write = async (text: string) => {
    const bytes = new TextEncoder().encode(text);
    await file.write(bytes, at);
    at += bytes.length;
  };
  await write(line([...varying, ...values].map(({ name }) => name)));
  for await (const part of tableRows(results, fillings, rowsAtOnce, file.scratchBeside)) {
    const elements = varying.map((column) => elementsOf(column, shape, part.firstRow, part.rows));
    const read = part.values.map(valueReader);
    let text = '';
    for (let row = 0; row < part.rows; row++)
      text += line([
        ...readers.map((reader, i) => reader(elements[i][row])),
        ...read.map((reader) => reader(row)),
      ]);
    await write(text);
  }
  await file.commit(at);
  return results.map(({ result }, i) => savedVariable(values[i].name, result, fillings[i]));
}

function placeReader({ coordinate }: PlaceColumn): (element: number) => PlainValue {
  if (coordinate === undefined) return (element) => element;
  const times = isoTimes(coordinate);
  return times === undefined ? valueReader(coordinate) : (element) => times[element];
}

function line(cells: readonly PlainValue[]): string {
  const text = cells.map(field).join(',');
  // Readers skip a line without anything: of a single cell that is empty, quotes tell that it is there.
  return `${text === '' ? '""' : text}\r\n`;
}

function field(value: PlainValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
