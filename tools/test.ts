/**
 * Runs the tests: `npm test` all of them, `npm test -- unit`, `integration` or `cluster` one kind,
 * `npm test -- libs/cube` those below a folder, `npm test -- --grep merge` those with a name.
 * Ends with the line `N passed, N failed, N skipped`.
 */
import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';

const kinds: Record<string, string[]> = {
  unit: ['libs/*/test/**/*.test.ts', 'services/*/test/**/*.test.ts', 'tools/**/test/**/*.test.ts'],
  integration: ['integration-tests/!(cluster)/**/*.test.ts'],
  cluster: ['integration-tests/cluster/**/*.test.ts'],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, bail: { type: 'boolean' } },
});

const all = Object.values(kinds).flat();
const patterns = positionals.flatMap(
  (word) => kinds[word] ?? [`${word.replace(/\/$/, '')}/**/*.test.ts`, word],
);
const chosen = positionals.length > 0 ? patterns : all;
const files = globSync(chosen, { exclude: ['**/node_modules/**'] }).filter((file) =>
  file.endsWith('.test.ts'),
);
if (files.length === 0) {
  console.error(`no test file matches ${positionals.join(' ')}`);
  process.exit(1);
}

// Integration tests start processes that compete for the cores: after the unit tests, one file at a time.
files.sort((a, b) => Number(isIntegration(a)) - Number(isIntegration(b)) || a.localeCompare(b));

function isIntegration(file: string): boolean {
  return file.startsWith('integration-tests');
}

const mocha = new Mocha({ timeout: 60_000, grep: values.grep, bail: values.bail });
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();

const counts = { passed: 0, failed: 0, skipped: 0 };
mocha
  .run((failures) => {
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    // A handle that a test left open must not keep the run from ending.
    process.exit(failures === 0 ? 0 : 1);
  })
  .on('pass', () => counts.passed++)
  .on('fail', () => counts.failed++)
  .on('pending', () => counts.skipped++);
