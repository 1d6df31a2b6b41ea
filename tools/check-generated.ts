/** Generates anew into a temporary folder and says which committed files differ. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'hyperslab-generated-'));

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

try {
  const fresh = join(scratch, 'gen');
  const made = spawnSync(process.execPath, [join(import.meta.dirname, 'generate.ts'), fresh], {
    stdio: 'inherit',
  });
  if (made.status !== 0) process.exit(1);
  const expected = contents(fresh);
  const committed = contents(join(root, 'proto/gen'));
  const names = [...new Set([...expected.keys(), ...committed.keys()])];
  const different = names.filter((name) => expected.get(name) !== committed.get(name));
  for (const name of different) console.error(`proto/gen/${name} is not what "npm run generate" writes`);
  process.exitCode = different.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
