import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonPath, repository, withTemporaryDirectory } from '@hyperslab/testing';
import { runProgram } from './run-command.ts';

const program = join(repository, 'integration-tests/reference/time_mean.py');

/** Mean over time of a variable of the files of a run, by netCDF4-python; null where all are missing. */
export async function expectedTimeMean(folder: string, variable: string): Promise<(number | null)[]> {
  return withTemporaryDirectory(async (temporary) => {
    const out = join(temporary, 'mean');
    const { code, stderr } = await runProgram(pythonPath() as string, [program, folder, variable, out]);
    assert.equal(code, 0, stderr);
    const bytes = await readFile(out);
    const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  });
}

/** Compares within the resolution of float32, relative to the largest magnitude. */
export function assertClose(
  found: readonly (number | null)[],
  expected: readonly (number | null)[],
  what: string,
): void {
  assert.equal(found.length, expected.length, `${what}: how many values`);
  const scale = Math.max(...expected.map((value) => Math.abs(value ?? 0)));
  const wrong = expected.findIndex((value, i) =>
    value === null ? found[i] !== null : !(Math.abs(Number(found[i]) - value) <= 1e-6 * scale),
  );
  assert.equal(wrong, -1, `${what}: value ${wrong} is ${found[wrong]}, expected ${expected[wrong]}`);
}
