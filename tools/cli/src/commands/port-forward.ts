import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@hyperslab/config';
import { asHyperslabError } from '@hyperslab/errors';
import { listServices, openKubernetes } from '@hyperslab/kubernetes';
import type { Context } from '../context.ts';
import { chooseRelease, labels } from '../port-forward/choose-release.ts';
import { endpointsOf, type ForwardPlan, planForwards } from '../port-forward/forward-plan.ts';
import { type ForwardedService, forwardService } from '../port-forward/forward-service.ts';
import { type DetachMessage, detachReporter, startDetached } from '../up/detach.ts';
import { httpPortDistance } from '../up/ports.ts';
import { stateDirectory } from '../up/state-directory.ts';
import { acquireStateLock, type StateLock } from '../up/state-lock.ts';

/** Options of `hyperslab port-forward`. */
export interface PortForwardOptions {
  namespace?: string;
  release?: string;
  portOffset: number;
  detach?: boolean;
}

const findPatienceMs = 15_000;

/** Opens what a client needs of a mesh in Kubernetes as local ports, until Ctrl-C; all commands find it by its state directory. */
export async function portForward(context: Context, _: string[], options: PortForwardOptions): Promise<void> {
  const state = stateDirectory(context.state);
  if (options.detach) {
    const lines = await startDetached(launcher(), foregroundArguments(context, state, options), state);
    process.stdout.write(`${lines.join('\n')}\n`);
    return;
  }
  const reporter = detachReporter();
  const report = reporter ?? printReady;
  try {
    const lock = await acquireStateLock(state, []);
    try {
      await forwardAll(context, state, lock, options, report);
    } finally {
      await lock.release();
    }
  } catch (thrown) {
    const { reason, message, details } = asHyperslabError(thrown);
    reporter?.({ failed: { reason, message, details } });
    throw thrown;
  }
}

async function forwardAll(
  context: Context,
  state: string,
  lock: StateLock,
  { namespace: given, release, portOffset }: PortForwardOptions,
  report: (message: DetachMessage) => void,
): Promise<void> {
  const api = await openKubernetes();
  const namespace = given ?? api.namespace;
  const services = chooseRelease(
    await listServices(api, namespace, { [labels.name]: 'hyperslab' }),
    namespace,
    release,
  );
  const plans = planForwards(services, readConfig(), portOffset);
  const path = join(state, 'endpoints.json');
  const open: ForwardedService[] = [];
  try {
    const say = remarkOnce(context);
    for (const plan of plans)
      open.push(
        await forwardService(api, namespace, plan, (error) => say(`${plan.component}: ${error.message}`)),
      );
    const soon = AbortSignal.any([context.signal, AbortSignal.timeout(findPatienceMs)]);
    await Promise.all(open.map((each) => each.known(soon)));
    const endpoints = endpointsOf(plans);
    await lock.update(lockedServices(plans));
    await writeFile(`${path}.new`, `${JSON.stringify(endpoints, null, 2)}\n`);
    await rename(`${path}.new`, path);
    report({ ready: readyLines(context.json, state, namespace, endpoints) });
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (error) {
    // Being told to stop while starting is no failure.
    if (!context.signal.aborted) throw error;
  } finally {
    await rm(path, { force: true });
    for (const each of open) each.close();
  }
}

/** What `status` asks, and by whom `down` knows that it is the mesh of the state directory. */
function lockedServices(plans: readonly ForwardPlan[]) {
  return plans
    .filter(({ remote }) => remote !== 'metrics')
    .map(({ component, remote, localPort }) => {
      const address = `127.0.0.1:${localPort}`;
      const isHttp = remote === 'http';
      return {
        name: component,
        pid: null,
        address: isHttp ? `http://${address}` : address,
        readyUrl: `http://127.0.0.1:${isHttp ? localPort : localPort + httpPortDistance}/readyz`,
      };
    });
}

/** Remarks on what goes wrong, each thing once in a row: a client that tries again would fill the screen. */
function remarkOnce(context: Context): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last) context.remark(text);
    last = text;
  };
}

function readyLines(
  json: boolean,
  state: string,
  namespace: string,
  endpoints: Record<string, string>,
): string[] {
  if (json) return [JSON.stringify({ state, pid: process.pid, namespace, endpoints })];
  const width = Math.max(...Object.keys(endpoints).map((key) => key.length));
  const lines = Object.entries(endpoints).map(
    ([key, at]) => `${key.replaceAll('_', '-').padEnd(width)}  ${at}`,
  );
  return [...lines, `ready; namespace ${namespace}, state in ${state}`];
}

function printReady(message: DetachMessage): void {
  if ('ready' in message) process.stdout.write(`${message.ready.join('\n')}\n`);
}

function foregroundArguments(context: Context, state: string, options: PortForwardOptions): string[] {
  return [
    'port-forward',
    ...['--state', state, '--port-offset', String(options.portOffset)],
    ...(options.namespace === undefined ? [] : ['--namespace', options.namespace]),
    ...(options.release === undefined ? [] : ['--release', options.release]),
    ...(context.json ? ['--json'] : []),
  ];
}

function launcher(): string {
  return fileURLToPath(new URL('../../bin/hyperslab.mjs', import.meta.url));
}
