import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a reference reader says of a variable of a file. */
export interface OracleVariable {
  shape: number[];
  count_valid: number;
  count_missing: number;
  min: number;
  max: number;
  mean: number;
  samples: { index: number[]; value: number | null }[];
}

/** Variables of a file by name, as reference readers found them. */
export function oracleOf(shared: string, file: string): Record<string, OracleVariable> {
  const oracle = JSON.parse(readFileSync(join(shared, 'ORACLE.json'), 'utf8'));
  return oracle[file].variables;
}
