import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';

/** What a run of the command said. */
export interface CommandResult {
  stdout: string;
  stderr: string;
  /** Exit status; null when a signal ended it. */
  code: number | null;
  /** Standard output as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it checks
  json: any;
}

/** How the command is run. */
export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** What it reads on standard input; nothing without. */
  input?: string;
  /** Kills it after so long. */
  timeoutMs?: number;
  /** Called with the process as soon as it runs. */
  onStart?: (pid: number) => void;
}

const launcher = join(repository, 'tools/cli/bin/hyperslab.mjs');

/** Runs `hyperslab` as a process of its own, as a shell would. */
export async function runHyperslab(
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  return runProgram(process.execPath, [launcher, ...args], options);
}

/** Runs a program and gathers what it says. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, cwd = repository, input = '', timeoutMs = 120_000, onStart }: RunOptions = {},
): Promise<CommandResult> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  // Who does not read it may end before all of it is written.
  child.stdin.on('error', () => undefined).end(input);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { ...output, code, json: parsed(output.stdout) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
