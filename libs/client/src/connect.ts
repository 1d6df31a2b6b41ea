import { Client } from './client.ts';
import { Connection } from './connection.ts';
import { type EndpointOptions, findEndpoints } from './endpoints.ts';

/** How a session begins. */
export interface ConnectOptions extends EndpointOptions {
  /** Who asks. */
  caller?: string;
  /**
   * How long a service that can't be reached is tried before an error, milliseconds.
   * @default 30000, in which `up` has restarted a service that died
   */
  patienceMs?: number;
}

const defaultPatienceMs = 30_000;

/** Finds a mesh and begins a session with it. Reads at most one small file and dials nothing. Throws as `findEndpoints` does. */
export async function connect(options: ConnectOptions = {}): Promise<Client> {
  const endpoints = findEndpoints(options);
  const { caller, patienceMs = defaultPatienceMs } = options;
  return new Client(new Connection(endpoints, { caller, patienceMs }));
}
