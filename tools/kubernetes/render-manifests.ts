/**
 * Writes k8s/rendered: what the chart gives for some of its ready-made values, for those who do not use Helm.
 *
 *   node tools/kubernetes/render-manifests.ts [--check]
 *
 * --check writes nothing and fails when files differ. Without Helm both say so and do nothing.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helmProgram, helmTemplate } from './helm.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'k8s/rendered');
const variants = ['small', 's3', 'ha'];

const header = (values: string) =>
  `# Rendered from charts/hyperslab with values/${values}.yaml by "npm run generate"; not edited.\n` +
  `#   kubectl create namespace hyperslab && kubectl apply -n hyperslab -f k8s/rendered/${values}.yaml\n`;

/** The manifests of a variant; hooks (the test) are left out. */
function rendered(values: string): string {
  return header(values) + helmTemplate(['--no-hooks', '--values', `charts/hyperslab/values/${values}.yaml`]);
}

if (helmProgram() === undefined) {
  console.error('skipped: k8s/rendered is not compared with the chart, for Helm is not there');
  process.exit(0);
}
const expected = new Map(variants.map((values) => [`${values}.yaml`, rendered(values)]));
if (process.argv.includes('--check')) {
  const names = [...new Set([...readdirSync(folder), ...expected.keys()])];
  const different = names.filter((name) => readOr(join(folder, name)) !== expected.get(name));
  for (const name of different) console.error(`k8s/rendered/${name} is not what "npm run generate" writes`);
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of expected) writeFileSync(join(folder, name), text);
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
