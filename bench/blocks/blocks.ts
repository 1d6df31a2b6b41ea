/** What is moved: blocks as large as those of a result. */
export const blocks = 64;
export const blockBytes = 8 * 2 ** 20;

/** Memory of a worker, the default: how seldom it collects garbage follows from it. */
export const workerBytes = 2 ** 31;

export function keyOf(task: number) {
  return { jobId: 'bench', stage: 0, task, listing: '' };
}
