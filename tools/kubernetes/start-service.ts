/**
 * First process of a container: runs the service that the argument names, or `hyperslab …` the command.
 *
 *   node tools/kubernetes/start-service.ts catalog
 *   node tools/kubernetes/start-service.ts hyperslab ls --json
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entries: Record<string, string> = {
  catalog: 'services/catalog/src/main.ts',
  scheduler: 'services/scheduler/src/main.ts',
  'worker-pool': 'services/worker-pool/src/main.ts',
  'metadata-backup': 'services/metadata-backup/src/main.ts',
  'opendap-gateway': 'services/opendap-gateway/src/main.ts',
  dashboard: 'services/dashboard/src/main.ts',
  autoscaler: 'services/worker-pool/src/autoscaler/main.ts',
  hyperslab: 'tools/cli/src/main.ts',
};

// The kernel withholds from process 1 each signal that it does not handle: until a service handles it itself, a pod
// that is told to go while it starts would be waited for in vain.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(143);
  });
}

const [name] = process.argv.splice(2, 1);
const entry = new URL(`../../${entries[name]}`, import.meta.url);
if (entries[name] === undefined || !existsSync(fileURLToPath(entry))) {
  const known = Object.keys(entries).join(', ');
  console.error(`"${name ?? ''}": expected the name of a service as first argument: ${known}`);
  process.exit(2);
}
await import(entry.href);
