import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';

/**
 * Where the services of a mesh listen: `host:port` for gRPC, `http://…` for the others. A service whose address was not
 * given is missed when it is called.
 */
export interface Endpoints {
  catalog?: string;
  scheduler?: string;
  /** Workers that a client reads results from, in turn; any of them serves every result. */
  workers: string[];
  metadataBackup?: string;
  opendapGateway?: string;
  dashboard?: string;
}

/** How a client is told where its mesh is. What comes first here wins. */
export interface EndpointOptions {
  /** Address of the catalog, `host:port`. */
  catalog?: string;
  /** Address of the scheduler. */
  scheduler?: string;
  /** Addresses of workers. */
  workers?: readonly string[];
  /** Path of an `endpoints.json`. */
  endpoints?: string;
  /** State directory of a mesh on this machine. */
  state?: string;
  /** Environment to read when nothing is given; the process's own by default. */
  env?: NodeJS.ProcessEnv;
}

/** State directory of the mesh on this machine when none is given: HYPERSLAB_STATE, or `~/.hyperslab`. */
export function defaultStateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env.HYPERSLAB_STATE || join(homedir(), '.hyperslab');
}

/**
 * Finds the mesh: by given addresses, by `endpoints`, by `state`, by HYPERSLAB_CATALOG, HYPERSLAB_SCHEDULER and
 * HYPERSLAB_WORKERS, by HYPERSLAB_ENDPOINTS, or in the state directory of HYPERSLAB_STATE or the default one. All
 * addresses come from the first of these that is there: two meshes are never mixed. Throws UNAVAILABLE, saying where it
 * looked, when there is no mesh there.
 */
export function findEndpoints(options: EndpointOptions = {}): Endpoints {
  const env = options.env ?? process.env;
  const given = namedOneByOne(options.catalog, options.scheduler, options.workers);
  if (given !== undefined) return given;
  const said = options.endpoints ?? (options.state && join(options.state, 'endpoints.json'));
  if (said === undefined) {
    const workers = addressList(env.HYPERSLAB_WORKERS);
    const named = namedOneByOne(env.HYPERSLAB_CATALOG, env.HYPERSLAB_SCHEDULER, workers);
    if (named !== undefined) return { ...named, metadataBackup: env.HYPERSLAB_METADATA_BACKUP || undefined };
  }
  const path = resolve(
    said ?? (env.HYPERSLAB_ENDPOINTS || join(defaultStateDirectory(env), 'endpoints.json')),
  );
  return parseEndpoints(readEndpointsFile(path), path);
}

/** Endpoints of which at least one was named. */
function namedOneByOne(
  catalog: string | undefined,
  scheduler: string | undefined,
  workers: readonly string[] | undefined,
): Endpoints | undefined {
  if (!catalog && !scheduler && !workers?.length) return undefined;
  return {
    catalog: catalog || undefined,
    scheduler: scheduler || undefined,
    workers: [...(workers ?? [])],
  };
}

/** Endpoints from the text of an `endpoints.json`. Throws INVALID_ARGUMENT, naming `path`, when it is none. */
export function parseEndpoints(text: string, path: string): Endpoints {
  const bad = (problem: string) =>
    new HyperslabError(
      'INVALID_ARGUMENT',
      `${path} is no endpoints.json: ${problem}; it is written by \`hyperslab up\``,
      { path },
    );
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw bad('it is no JSON');
  }
  if (typeof content !== 'object' || content === null) throw bad('expected an object');
  const entries = content as Record<string, unknown>;
  const optional = (key: string): string | undefined => {
    const value = entries[key];
    if (value !== undefined && typeof value !== 'string') throw bad(`"${key}" is no text`);
    return value || undefined;
  };
  const required = (key: string): string => {
    const value = optional(key);
    if (value === undefined) throw bad(`"${key}" is missing`);
    return value;
  };
  const otherWorkers = (): string[] => {
    const { workers = [] } = entries;
    if (Array.isArray(workers) && workers.every((address) => typeof address === 'string')) return workers;
    throw bad('"workers" is no list of addresses');
  };
  return {
    catalog: required('catalog'),
    scheduler: required('scheduler'),
    workers: [...new Set([...(addressList(required('worker_pool')) ?? []), ...otherWorkers()])],
    metadataBackup: optional('metadata_backup'),
    opendapGateway: optional('opendap_gateway'),
    dashboard: optional('dashboard'),
  };
}

function addressList(text: string | undefined): string[] | undefined {
  const addresses = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return addresses.length > 0 ? addresses : undefined;
}

/** At once: a file of some hundred bytes is there sooner than the thread that would read it. */
function readEndpointsFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`;
    throw new HyperslabError(
      'UNAVAILABLE',
      `no mesh found: ${path} ${what}; start one with \`hyperslab up\`, or name one with --state or HYPERSLAB_ENDPOINTS`,
      { path },
      error,
    );
  }
}
