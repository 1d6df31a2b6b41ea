import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { HyperslabError, type Reason, reasons } from '@hyperslab/errors';
import { lastErrors } from './last-errors.ts';
import { openLogFile } from './log-file.ts';

/** What a mesh in the background tells the command that started it. */
export type DetachMessage =
  | { ready: string[] }
  | { failed: { reason: string; message: string; details: Record<string, string> } };

const marker = 'HYPERSLAB_DETACHED';

/**
 * Starts `program` with `args` in the background and waits until it says that the mesh is ready; answers the lines that
 * it would have printed. Throws what it failed with. Its output goes to DIR/logs/up.log.
 */
export async function startDetached(
  program: string,
  args: readonly string[],
  state: string,
): Promise<string[]> {
  const logPath = join(state, 'logs', 'up.log');
  const log = openLogFile(logPath);
  const child = spawn(process.execPath, [program, ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, [marker]: '1' },
  });
  closeSync(log);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(endedEarly(signal ?? `exit status ${code}`, logPath)));
      child.once('message', (message: DetachMessage) => {
        if ('ready' in message) resolve(message.ready);
        else reject(asError(message.failed));
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The way to tell the command that started this process in the background; undefined when none did. */
export function detachReporter(): ((message: DetachMessage) => void) | undefined {
  if (process.env[marker] !== '1' || process.send === undefined) return undefined;
  delete process.env[marker];
  return (message) => {
    process.send?.(message, undefined, undefined, () => {
      if (process.connected) process.disconnect?.();
    });
  };
}

function asError(failed: {
  reason: string;
  message: string;
  details: Record<string, string>;
}): HyperslabError {
  const reason = Object.hasOwn(reasons, failed.reason) ? (failed.reason as Reason) : 'INTERNAL';
  return new HyperslabError(reason, failed.message, failed.details);
}

function endedEarly(how: string, logPath: string): HyperslabError {
  return new HyperslabError(
    'START_FAILED',
    `the mesh ended while it started (${how}); ${logPath} says: ${lastErrors(logPath)}`,
    { log: logPath },
  );
}
