/** What a Lease says of who leads, as the coordination API has it. */
export interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

/** A Lease as far as an election needs it. */
export interface Lease {
  apiVersion: 'coordination.k8s.io/v1';
  kind: 'Lease';
  metadata: { name: string; namespace: string; resourceVersion?: string };
  spec?: LeaseSpec;
}

/** A lease of this identity, taken now. The times are for people: nobody compares them with a clock of his own. */
export function acquired(
  identity: string,
  leaseMs: number,
  before: LeaseSpec | undefined,
  now: Date,
): LeaseSpec {
  const time = microTime(now);
  return {
    holderIdentity: identity,
    // The API counts whole seconds; more is safe, less is not.
    leaseDurationSeconds: Math.ceil(leaseMs / 1000),
    acquireTime: time,
    renewTime: time,
    leaseTransitions: before === undefined ? 0 : (before.leaseTransitions ?? 0) + 1,
  };
}

/** The same lease for longer. */
export function renewed(spec: LeaseSpec, leaseMs: number, now: Date): LeaseSpec {
  const time = microTime(now);
  return {
    ...spec,
    leaseDurationSeconds: Math.ceil(leaseMs / 1000),
    // A write that changes nothing is none to the API server, and others would see no sign of life.
    renewTime: time === spec.renewTime ? microTime(new Date(now.getTime() + 1)) : time,
  };
}

/** The lease given back: others need not wait for it to run out. */
export function released(spec: LeaseSpec, now: Date): LeaseSpec {
  return { ...spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) };
}

/** v1.MicroTime */
function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
