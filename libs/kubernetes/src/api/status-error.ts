import { type ErrorDetails, HyperslabError, type Reason } from '@hyperslab/errors';
import { type ResourcePath, ruleOf, type Verb } from './resource-path.ts';

/** HTTP statuses of an API server, and what each means to who asked. */
const reasonOf: Record<number, Reason> = {
  401: 'KUBERNETES_DENIED',
  403: 'KUBERNETES_DENIED',
  404: 'KUBERNETES_NOT_FOUND',
  // Another wrote it meanwhile, or it exists already.
  409: 'KUBERNETES_CONFLICT',
  // A client that asks too much, and a server that starts, are told to come back.
  429: 'UNAVAILABLE',
};

/** A refused request as a failure that names the missing rule, or the thing that is not there. `body` is a v1.Status. */
export function statusError(verb: Verb, path: ResourcePath, status: number, body: string): HyperslabError {
  const said = messageOf(body) || `status ${status}`;
  const reason = reasonOf[status] ?? (status >= 500 ? 'UNAVAILABLE' : 'INVALID_ARGUMENT');
  const thing = `${path.resource}${path.name === undefined ? '' : ` ${path.name}`} in namespace ${path.namespace}`;
  const details: ErrorDetails = {
    verb,
    resource: path.resource,
    namespace: path.namespace,
    status: String(status),
  };
  return new HyperslabError(reason, `kubernetes: ${thing}: ${explain(verb, path, status, said)}`, details);
}

/** Whether the versions that were asked for are no longer kept: what there is must be listed again. */
export function isExpired(error: unknown): boolean {
  return error instanceof HyperslabError && error.details.status === '410';
}

function explain(verb: Verb, path: ResourcePath, status: number, said: string): string {
  if (status === 401)
    return `the API server does not know who we are (${said}); is the token or certificate valid?`;
  if (status === 403) return `we lack the verb "${verb}" on ${ruleOf(path)}; add it to the role (${said})`;
  return said;
}

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
