/** What is moved: blocks of the size that a task takes in. */
export const blocks = 16;
export const blockBytes = 32 * 2 ** 20;

/** Memory of a worker, the default: how seldom it collects garbage follows from it. */
export const workerBytes = 2 ** 31;

export function keyOf(task: number) {
  return { jobId: 'bench', stage: 0, task, listing: '' };
}
