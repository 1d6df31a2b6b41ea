import { readFileSync } from 'node:fs';

/** What a code stands for; texts are empty where it has none. */
interface NamedPhenomenon {
  units: string;
  standardName: string;
  longName: string;
}

interface PhenomenonTables {
  /** By STASH code: "m01s00i004". */
  byStash: Map<string, NamedPhenomenon>;
  /** By LBFC, for fields without a STASH code. */
  byFieldCode: Map<string, NamedPhenomenon>;
}

let tables: PhenomenonTables | undefined;

/** Names of phenomena, read from the files beside this one when the first field asks. */
export function phenomenonTables(): PhenomenonTables {
  tables ??= { byStash: readTable('stash.tsv'), byFieldCode: readTable('field-codes.tsv') };
  return tables;
}

function readTable(file: string): Map<string, NamedPhenomenon> {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n');
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [code, units = '', standardName = '', longName = ''] = line.split('\t');
        return [code, { units, standardName, longName }];
      }),
  );
}
