import type { BackupLink } from '../journal/backup-link.ts';

/**
 * Called before anything that only the leader may do: an answer that something is kept, an event for the backup, a
 * deletion. It does not return when we lead no longer; the process ends there. A process that was stopped for a while
 * wakes anywhere in its code, and before its timers.
 */
export type Fence = () => void;

/** For a scheduler that has no other beside it. */
export const unfenced: Fence = () => undefined;

/** A link whose writes are the leader's only. */
export function fencedLink(link: BackupLink, fence: Fence): BackupLink {
  return {
    ...link,
    async append(events, signal) {
      fence();
      await link.append(events, signal);
      // The answer may have waited for us to wake.
      fence();
    },
  };
}
