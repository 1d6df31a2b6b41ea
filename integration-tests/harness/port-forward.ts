import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Cluster } from './start-cluster.ts';

/** A port of this machine that leads to one in a cluster. */
export interface PortForward {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Runs `kubectl port-forward` to `target`, as `service/NAME`, and answers when it listens. Ends with this process. */
export async function portForward(
  cluster: Cluster,
  namespace: string,
  target: string,
  port: number,
): Promise<PortForward> {
  const args = ['--namespace', namespace, 'port-forward', target, `:${port}`, '--address', '127.0.0.1'];
  const child = spawn('kubectl', args, {
    env: { ...process.env, ...cluster.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => void child.kill();
  process.once('exit', end);
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const found = /^Forwarding from (127\.0\.0\.1:\d+) /.exec(line);
      if (found) resolve(found[1]);
    });
    void exited.then(() => reject(new Error(`kubectl port-forward ${target} ${port} ended: ${said}`)));
  });
  return {
    address,
    async stop() {
      child.kill();
      await exited;
      process.off('exit', end);
    },
  };
}
