/**
 * Versions of the protocol between scheduler and workers that are spoken here.
 * - 1: plans, tasks, reports
 * - 2: a worker that drains has its blocks taken over and waits for WorkerDrained
 */
export const protocolVersions = { oldest: 1, newest: 2 };

/** From this version of the protocol on, workers take blocks of others, and wait for the word that they may go. */
export const handsOverSince = 2;
