/** Generates anew into a temporary folder and says which committed files differ: of the protobuf files, and the kernels. */
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
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]));
}

function generate(script: string, output: string): void {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, script), output], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`tools/${script} failed`);
}

/** Names the files of a folder of the repository that are not those of a fresh one. */
function compare(folder: string, fresh: string): void {
  const expected = contents(fresh);
  const committed = contents(join(root, folder));
  const names = [...new Set([...expected.keys(), ...committed.keys()])];
  for (const name of names.filter((each) => expected.get(each) !== committed.get(each))) {
    console.error(`${folder}/${name} is not what "npm run generate" writes`);
    process.exitCode = 1;
  }
}

try {
  // buf writes to a folder of this name.
  const messages = join(scratch, 'gen');
  generate('generate.ts', messages);
  compare('proto/gen', messages);
  const kernels = join(scratch, 'kernels');
  generate('generate-kernels.ts', join(kernels, 'kernels.wasm'));
  compare('libs/kernels/gen', kernels);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
