import type { GetPositionResponse, Snapshot } from '@hyperslab/proto/backup';

/** Whether a snapshot is due: the last one is old enough, and something has happened since. */
export function isSnapshotDue(
  position: GetPositionResponse,
  newest: Snapshot | undefined,
  intervalMs: number,
  nowMs: number,
): boolean {
  if (intervalMs === 0 || position.catalogSequence + position.schedulerSequence === 0) return false;
  if (!newest) return true;
  const changed =
    position.catalogSequence !== newest.catalogSequence ||
    position.schedulerSequence !== newest.schedulerSequence;
  return changed && nowMs - Number(newest.taken) >= intervalMs;
}
