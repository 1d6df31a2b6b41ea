import { fileURLToPath } from 'node:url';
import { absoluteUrl } from '@hyperslab/client';
import { asHyperslabError } from '@hyperslab/errors';
import { type Context, usageError } from '../context.ts';
import { type DetachMessage, detachReporter, startDetached } from '../up/detach.ts';
import { endpointsOf, type MeshChoice } from '../up/mesh-plan.ts';
import { publishSample } from '../up/publish-sample.ts';
import { runMesh } from '../up/run-mesh.ts';
import { stateDirectory } from '../up/state-directory.ts';

/** Options of `hyperslab up`. */
export interface UpOptions {
  workers: number;
  maxWorkers?: number;
  root: string[];
  portOffset: number;
  workerMemory?: string;
  sample: boolean;
  detach?: boolean;
}

/** Runs a mesh until Ctrl-C, or starts one in the background. Without --json it prints a line for each address when it is ready. */
export async function up(context: Context, _: string[], options: UpOptions): Promise<void> {
  const { workers, maxWorkers } = options;
  if (maxWorkers !== undefined && maxWorkers < workers) {
    throw usageError(`--max-workers ${maxWorkers} are fewer than --workers ${workers}`);
  }
  const state = stateDirectory(context.state);
  const roots = options.root.map((root) => absoluteUrl(root));
  if (options.detach) {
    const lines = await startDetached(launcher(), foregroundArguments(context, state, roots, options), state);
    process.stdout.write(`${lines.join('\n')}\n`);
    return;
  }
  const report: (message: DetachMessage) => void = detachReporter() ?? printReady;
  const { portOffset, workerMemory } = options;
  const listener = {
    async ready(choice: MeshChoice) {
      if (options.sample) await publishSample(state, context);
      report({ ready: readyLines(choice, context.json) });
    },
    say: (text: string) => context.remark(text),
  };
  try {
    const { interrupted, interruptedTwice } = context.interrupts;
    const mesh = { state, workers, maxWorkers, roots, portOffset, workerMemory };
    await runMesh(mesh, listener, interrupted, interruptedTwice);
  } catch (thrown) {
    const { reason, message, details } = asHyperslabError(thrown);
    if (report !== printReady) report({ failed: { reason, message, details } });
    throw thrown;
  }
}

function printReady(message: DetachMessage): void {
  if ('ready' in message) process.stdout.write(`${message.ready.join('\n')}\n`);
}

/** What is printed when everything is ready: a line for each address, or with `json` the addresses. */
function readyLines(choice: MeshChoice, json: boolean): string[] {
  const endpoints = endpointsOf(choice);
  if (json) return [JSON.stringify({ state: choice.state, pid: process.pid, endpoints })];
  const { workers: _, ...services } = endpoints;
  const width = Math.max(...Object.keys(services).map((key) => key.length));
  const lines = Object.entries(services).map(
    ([key, at]) => `${key.replaceAll('_', '-').padEnd(width)}  ${at}`,
  );
  return [...lines, `ready; state in ${choice.state}`];
}

function foregroundArguments(context: Context, state: string, roots: string[], options: UpOptions): string[] {
  return [
    'up',
    '--state',
    state,
    '--workers',
    String(options.workers),
    ...(options.maxWorkers === undefined ? [] : ['--max-workers', String(options.maxWorkers)]),
    '--port-offset',
    String(options.portOffset),
    ...roots.flatMap((root) => ['--root', root]),
    ...(options.workerMemory === undefined ? [] : ['--worker-memory', options.workerMemory]),
    ...(options.sample ? [] : ['--no-sample']),
    ...(context.json ? ['--json'] : []),
  ];
}

function launcher(): string {
  return fileURLToPath(new URL('../../bin/hyperslab.mjs', import.meta.url));
}
