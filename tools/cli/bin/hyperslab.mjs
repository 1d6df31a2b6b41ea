#!/usr/bin/env node
// Starts the command under a Node that runs TypeScript. Plain JavaScript, for an older Node can't even load a .ts file to
// find out that it is too old: it then runs the workspace's own Node on this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 26;
const here = fileURLToPath(import.meta.url);

function workspaceNode() {
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules/node/bin/node');
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  await import('../src/main.ts');
} else {
  const node = workspaceNode();
  if (node === undefined) {
    console.error(
      `hyperslab: needs Node ${neededMajor}, this is ${process.version}; run \`npm install\` in the repository`,
    );
    process.exit(1);
  }
  const child = spawn(node, [here, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides what it means, and its end is this process's end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
