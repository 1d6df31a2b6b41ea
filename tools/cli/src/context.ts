import type { Client } from '@hyperslab/client';
import { HyperslabError } from '@hyperslab/errors';

/** Options of every command. */
export interface CommonOptions {
  /** State directory of a mesh on this machine. */
  state?: string;
  json?: boolean;
}

/** Signals of Ctrl-C: the first asks to stop, the second to stop at once. */
export interface Interrupts {
  interrupted: AbortSignal;
  interruptedTwice: AbortSignal;
}

/** How long a command tries to reach a service that is away, milliseconds: a restart takes a second or two. */
const patienceMs = 10_000;

/** What a command runs with. */
export class Context {
  readonly json: boolean;
  readonly state: string | undefined;
  readonly interrupts: Interrupts;
  #client: Client | undefined;

  constructor(options: CommonOptions, interrupts: Interrupts) {
    this.json = options.json ?? false;
    this.state = options.state;
    this.interrupts = interrupts;
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.interrupts.interrupted;
  }

  /** A session with the mesh, begun when it is first asked for. Throws UNAVAILABLE where there is none. */
  async client(): Promise<Client> {
    if (this.#client === undefined) {
      const { connect } = await import('@hyperslab/client');
      const { assertMeshRuns } = await import('./mesh-runs.ts');
      await assertMeshRuns(this.state);
      this.#client = await connect({ state: this.state, caller: callerName(), patienceMs });
    }
    return this.#client;
  }

  /** Prints a result: `value` as JSON, or what `text` makes for a person. */
  print(value: unknown, text: () => string): void {
    process.stdout.write(this.json ? `${JSON.stringify(value)}\n` : ensureNewline(text()));
  }

  /** Prints a remark that is no result. */
  remark(text: string): void {
    process.stderr.write(ensureNewline(text));
  }

  /** Closes what was opened. */
  close(): void {
    this.#client?.close();
  }
}

/** What a wrong use of a command is thrown as. */
export function usageError(message: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', message);
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Who asks: the user of this shell, where the name can be sent. */
function callerName(): string | undefined {
  const user = process.env.USER ?? '';
  return /^[\x21-\x7e]{1,64}$/.test(user) ? user : undefined;
}
