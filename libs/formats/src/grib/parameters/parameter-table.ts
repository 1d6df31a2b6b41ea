import { readFileSync } from 'node:fs';
import type { Facts } from '../product/product.ts';

/** A parameter as a table has it. */
export interface TableEntry {
  name: string;
  longName: string;
  units: string;
  standardName: string;
  /** Names of the facts that it depends on. */
  depends: ReadonlySet<string>;
}

interface Row {
  conditions: Map<string, readonly (number | undefined)[]>;
  entry: TableEntry;
}

/** Parameters by key: "98.128.130" of edition 1, "*.0.0.0" of edition 2. */
export type ParameterTable = Map<string, Row[]>;

/** Conditions on a scale factor and a value, a unit and a length, count as two, as in ecCodes; on the version of the tables, as none. */
const weights: Record<string, number> = {
  tables: 0,
  value1: 2,
  value2: 2,
  lower: 2,
  hours: 2,
  size1: 2,
  size2: 2,
  wavelength1: 2,
  wavelength2: 2,
  wavePeriod1: 2,
  wavePeriod2: 2,
};

/** Reads a table from a file beside this one; rows of a key stay in the order of the file. */
export function readTable(file: string): ParameterTable {
  const table: ParameterTable = new Map();
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [key, conditions, name, longName, units, standardName] = line.split('\t');
    const row = rowOf(conditions, { name, longName, units, standardName });
    const rows = table.get(key);
    if (rows === undefined) table.set(key, [row]);
    else rows.push(row);
  }
  return table;
}

function rowOf(text: string, entry: Omit<TableEntry, 'depends'>): Row {
  const conditions = new Map(
    text
      .split(' ')
      .filter((part) => part !== '')
      .map((part) => {
        const [name, values] = part.split('=');
        return [name, values.split(',').map((value) => (value === '-' ? undefined : Number(value)))] as const;
      }),
  );
  return { conditions, entry: { ...entry, depends: new Set(conditions.keys()) } };
}

/**
 * The parameter of a message. Of each group of keys in turn: the row whose conditions all hold, with the most of them and,
 * of equals, the last.
 */
export function findParameter(
  table: ParameterTable,
  groups: readonly (readonly string[])[],
  facts: Facts,
): TableEntry | undefined {
  for (const keys of groups) {
    let best: TableEntry | undefined;
    let most = 0;
    for (const { conditions, entry } of keys.flatMap((key) => table.get(key) ?? [])) {
      const count = countHolding(conditions, facts);
      if (count === undefined || count < most) continue;
      best = entry;
      most = count;
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

/** How much the conditions ask for, when all hold. */
function countHolding(conditions: Row['conditions'], facts: Facts): number | undefined {
  let count = 0;
  for (const [name, values] of conditions) {
    if (!values.includes(facts[name])) return undefined;
    count += weights[name] ?? 1;
  }
  return count;
}
