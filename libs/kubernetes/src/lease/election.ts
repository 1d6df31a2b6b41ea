import { acquired, type LeaseSpec, renewed } from './lease-record.ts';
import { type Moment, perhapsPassedMs, surelyPassedMs } from './moment.ts';

/**
 * Who may lead, given what was seen of the Lease and when, by clocks of our own. No I/O.
 *
 * L1. Times of the record are never compared with ours: a foreign lease has run out when we have seen it unchanged for
 *     as long as it says.
 * L2. Our own lease counts from when its write was *sent*: whoever sees it, sees it later, and waits from then.
 * L3. We give it up a quarter before it runs out: clocks that differ in pace by less than a seventh can't make two
 *     leaders, and there is time to stop.
 * L4. Each write names the version that was read. If it is refused, the Lease is read again and nothing is assumed.
 */
export interface Election {
  readonly identity: string;
  readonly leaseMs: number;
  /** What was seen last, and since when it has been so; undefined before the first look, and where there is no Lease. */
  readonly seen?: SeenLease;
  /** When the last of our writes that succeeded was sent, while the lease is ours. */
  readonly sent?: Moment;
}

interface SeenLease extends FoundLease {
  readonly since: Moment;
}

/** A Lease as it is at the API server. */
export interface FoundLease {
  readonly version: string;
  readonly spec: LeaseSpec;
}

/** What to do next. */
export type Step =
  | { type: 'create'; spec: LeaseSpec }
  | { type: 'update'; spec: LeaseSpec; version: string }
  | { type: 'wait'; holder: string };

/** Share of the lease in which we lead: see L3. */
const validShare = 0.75;

/** Notes what a read of the Lease found. */
export function observe(election: Election, found: FoundLease | undefined, now: Moment): Election {
  const { seen, sent, ...fixed } = election;
  if (found === undefined) return fixed;
  const since = seen !== undefined && isSameRecord(seen.spec, found.spec) ? seen.since : now;
  const isOurs = found.spec.holderIdentity === election.identity;
  // Where another had it meanwhile, what we led with is over.
  return { ...fixed, seen: { ...found, since }, ...(isOurs && sent ? { sent } : {}) };
}

/** What to do at a moment. A lease that is ours is renewed; one that is free, or has run out, is taken. */
export function nextStep({ identity, leaseMs, seen }: Election, now: Moment): Step {
  const time = new Date(now.wallMs);
  if (seen === undefined) return { type: 'create', spec: acquired(identity, leaseMs, undefined, time) };
  const { spec, version, since } = seen;
  const holder = spec.holderIdentity ?? '';
  // Perhaps by a write of ours whose answer was lost.
  if (holder === identity) return { type: 'update', spec: renewed(spec, leaseMs, time), version };
  const heldMs = (spec.leaseDurationSeconds ?? 0) * 1000;
  if (holder !== '' && surelyPassedMs(since, now) < heldMs) return { type: 'wait', holder };
  return { type: 'update', spec: acquired(identity, leaseMs, spec, time), version };
}

/** Notes that a write succeeded that was sent at a moment. */
export function wrote({ identity, leaseMs }: Election, written: FoundLease, sent: Moment): Election {
  return { identity, leaseMs, seen: { ...written, since: sent }, sent };
}

/** For how long we still lead, milliseconds; 0 when we don't. */
export function leadsForMs({ leaseMs, sent }: Election, now: Moment): number {
  if (sent === undefined) return 0;
  return Math.max(0, leaseMs * validShare - perhapsPassedMs(sent, now));
}

function isSameRecord(one: LeaseSpec, other: LeaseSpec): boolean {
  return (
    one.holderIdentity === other.holderIdentity &&
    one.renewTime === other.renewTime &&
    one.leaseTransitions === other.leaseTransitions &&
    one.leaseDurationSeconds === other.leaseDurationSeconds
  );
}
