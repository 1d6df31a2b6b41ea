import type { HyperslabError } from '@hyperslab/errors';
import type { LeftOut } from '@hyperslab/proto/merge';
import type { Published } from '../publish.ts';

/** What a follower tells. */
export type FollowEvent =
  /** A new version is visible: with new files, or by someone else. */
  | {
      kind: 'published';
      published: Published;
      /** How many versions came since the one before it: of somebody else, or of a round whose end was not heard. Absent for none. */
      between?: number;
    }
  /** At the beginning, nothing was new: this is the latest version. */
  | { kind: 'current'; published: Published }
  /** A file can't be taken yet; it is looked at again in each round, and this is told once. */
  | { kind: 'left-out'; file: LeftOut }
  /** A round failed; the next one tries again. Told once as long as it fails in the same way. */
  | { kind: 'failed'; error: HyperslabError };

/** How a round ended. */
export type RoundOutcome = { published: Published; leftOut: readonly LeftOut[] } | { error: HyperslabError };

/** What a follower remembers from one round to the next. */
export interface FollowState {
  /** The latest version that it knows of; 0 for none. */
  version: number;
  /** Whether it has told that it is up to date. */
  isCurrent: boolean;
  /** What it has told of files that are left out. */
  leftOut: ReadonlySet<string>;
  /** What it has told of failures since the last round that did not fail. */
  failures: ReadonlySet<string>;
}

/** A follower at its beginning. */
export const initialFollowState: FollowState = {
  version: 0,
  isCurrent: false,
  leftOut: new Set(),
  failures: new Set(),
};

/** What is worth telling after a round, and what is to be remembered. */
export function newsOf(
  state: FollowState,
  outcome: RoundOutcome,
): { state: FollowState; news: FollowEvent[] } {
  if ('error' in outcome) {
    const { error } = outcome;
    const failure = failureKey(error);
    if (state.failures.has(failure)) return { state, news: [] };
    const failures = new Set([...state.failures, failure]);
    return { state: { ...state, failures }, news: [{ kind: 'failed', error }] };
  }
  const { published, leftOut } = outcome;
  const isNew = published.version > state.version;
  const news: FollowEvent[] = leftOut
    .filter((file) => !state.leftOut.has(leftOutKey(file)))
    .map((file) => ({ kind: 'left-out', file }));
  // Of a name that had none before, all others are somebody else's.
  const between = published.version - state.version - 1;
  if (isNew) news.push({ kind: 'published', published, ...(between > 0 && { between }) });
  else if (!state.isCurrent) news.push({ kind: 'current', published });
  return {
    news,
    state: {
      version: Math.max(state.version, published.version),
      isCurrent: true,
      // Who is taken and left out again is told again.
      leftOut: new Set(leftOut.map(leftOutKey)),
      failures: new Set(),
    },
  };
}

/** Messages tell sizes and times, which differ in each round while a file is being written. */
function leftOutKey({ url, reason }: LeftOut): string {
  return `${reason} ${url}`;
}

function failureKey({ reason, message, details }: HyperslabError): string {
  const isPassing = reason === 'OBJECT_NOT_FOUND' || reason === 'UNAVAILABLE';
  return `${reason} ${isPassing ? (details.url ?? '') : message}`;
}
