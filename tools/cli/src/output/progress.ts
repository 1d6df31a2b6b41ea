import { type Job, JobState } from '@hyperslab/proto/scheduler';

/** Shows how a job goes. */
interface Progress {
  onProgress?: (job: Job) => void;
  /** Clears the line. */
  stop(): void;
}

const silent: Progress = { stop: () => {} };

/** A progress bar on standard error when that is a terminal, and none in a pipe. */
async function jobProgress(stream: NodeJS.WriteStream = process.stderr): Promise<Progress> {
  if (!stream.isTTY) return silent;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: '{phase} [{bar}] {value}/{total} tasks, {duration_formatted}',
    clearOnComplete: true,
    hideCursor: true,
    stream,
  });
  let started = false;
  return {
    onProgress(job) {
      if (job.tasks === 0) return;
      const phase = job.phase || (job.state === JobState.JOB_STATE_QUEUED ? 'waiting' : 'computing');
      if (!started) bar.start(job.tasks, job.tasksDone, { phase });
      started = true;
      bar.setTotal(job.tasks);
      bar.update(job.tasksDone, { phase });
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

/** Runs something long with a progress bar. */
export async function withProgress<T>(run: (onProgress: Progress['onProgress']) => Promise<T>): Promise<T> {
  const progress = await jobProgress();
  try {
    return await run(progress.onProgress);
  } finally {
    progress.stop();
  }
}
