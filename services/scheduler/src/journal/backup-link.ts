import { AppendRequest, type BackupServiceClient, JournalName } from '@hyperslab/proto/backup';
import type { SchedulerEvent } from '@hyperslab/proto/scheduler';
import { call, openStream } from '@hyperslab/rpc';

/** The scheduler's journal in the backup, as far as the scheduler needs it. */
export interface BackupLink {
  /** Last sequence number that is durable there; 0 when there is none. */
  position(signal: AbortSignal): Promise<number>;
  /** Makes events durable, in order and without gaps. */
  append(events: readonly SchedulerEvent[], signal: AbortSignal): Promise<void>;
  /** Events from a sequence number on. */
  replay(from: number, signal: AbortSignal): AsyncIterable<SchedulerEvent>;
}

/** The journal in metadata-backup. */
export function createBackupLink(client: BackupServiceClient): BackupLink {
  return {
    async position(signal) {
      const { schedulerSequence } = await call(client, 'getPosition', {}, { signal, deadlineMs: 5_000 });
      return schedulerSequence;
    },
    async append(events, signal) {
      const entries = events.map((value) => ({ event: { $case: 'scheduler' as const, value } }));
      await call(client, 'append', AppendRequest.fromPartial({ entries }), { signal, deadlineMs: 10_000 });
    },
    async *replay(from, signal) {
      const request = { journal: JournalName.JOURNAL_NAME_SCHEDULER, fromSequence: from };
      for await (const { event } of openStream(client, 'replay', request, { signal, deadlineMs: 600_000 })) {
        if (event?.$case === 'scheduler') yield event.value;
      }
    },
  };
}
