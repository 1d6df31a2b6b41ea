const pollMs = 500;

/**
 * Calls once when the parent process is gone: `hyperslab up` was killed and nobody would stop its children.
 * @param parentPid process whose end counts, besides the IPC channel if there is one
 */
export function watchParent(parentPid: number | undefined, onGone: () => void): void {
  process.once('disconnect', onGone);
  if (parentPid === undefined) return;
  const direct = process.ppid === parentPid;
  const timer = setInterval(() => {
    // An orphan gets another parent. A process between the two (npx) leaves only the question whether it lives.
    if (direct ? process.ppid === parentPid : isAlive(parentPid)) return;
    clearInterval(timer);
    onGone();
  }, pollMs).unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
