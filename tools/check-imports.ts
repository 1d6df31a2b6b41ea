/**
 * Holds the direction of imports: a package imports only packages of a lower layer, and only those that its
 * package.json names; services never import each other. The layers are the architecture, lowest first.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const layers: string[][] = [
  ['errors', 'proto', 'array', 'testing'],
  ['dap', 'kernels'],
  ['config', 'storage', 'codecs', 'plot'],
  ['telemetry', 'formats', 'netcdf-writer'],
  ['rpc', 'cube', 'kubernetes'],
  ['reader', 'expression', 'autoscaler', 'results'],
  ['client'],
  ['catalog', 'scheduler', 'worker-pool', 'metadata-backup', 'opendap-gateway', 'dashboard', 'cli'],
  ['integration-tests', 'bench'],
];
const layerOf = new Map(layers.flatMap((names, layer) => names.map((name) => [name, layer] as const)));

interface Package {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const root = join(import.meta.dirname, '..');
const manifests = globSync(['proto', 'libs/*', 'services/*', 'tools/cli', 'integration-tests', 'bench'], {
  cwd: root,
});
const problems: string[] = [];

for (const folder of manifests) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Package;
  const own = manifest.name.replace('@hyperslab/', '');
  const layer = layerOf.get(own);
  if (layer === undefined) problems.push(`${folder}: ${own} has no place in tools/check-imports.ts`);
  const files = globSync('**/*.{ts,mjs}', {
    cwd: join(root, folder),
    exclude: ['**/node_modules/**', 'gen/**'],
  });
  for (const file of files) {
    const inTest = file.split('/').includes('test') || own === 'integration-tests' || own === 'testing';
    const text = readFileSync(join(root, folder, file), 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) check(match[1], file, inTest);
  }

  function check(specifier: string, file: string, inTest: boolean): void {
    const where = `${join(folder, file)}: imports ${specifier}`;
    if (specifier.startsWith('.')) {
      const target = join(folder, dirname(file), specifier);
      if (!target.startsWith(`${folder}/`)) problems.push(`${where}, which is another package's inside`);
      return;
    }
    if (!specifier.startsWith('@hyperslab/')) return;
    const target = specifier.split('/')[1];
    const listed =
      manifest.dependencies?.[`@hyperslab/${target}`] ??
      (inTest && manifest.devDependencies?.[`@hyperslab/${target}`]);
    if (!listed && target !== own) problems.push(`${where}, which its package.json does not name`);
    if (inTest) return;
    const targetLayer = layerOf.get(target);
    if (targetLayer === undefined || (layer !== undefined && targetLayer >= layer && target !== own)) {
      problems.push(`${where}, which is not of a lower layer`);
    }
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
