/**
 * Versions of the protocol between scheduler and workers that are spoken here.
 * - 1: plans, tasks, reports
 * - 2: a worker that drains has its blocks taken over and waits for WorkerDrained
 * - 3: tasks are handed out as runs, and what ended within a few milliseconds is one message
 * - 4: plans may have operations, and reductions of several operands, with parameters or in groups; the blocks of a result may
 *   be those of an equal job
 * - 5: plans may have the workers write a store
 * - 6: plans may read what other jobs have persisted
 * - 7: plans may have exchanges, whose blocks are read in parts; products, second-order regridding, and places of extremes in groups
 * - 8: plans may make elements missing, and ask whether they are
 */
export const protocolVersions = { oldest: 1, newest: 8 };

/** From this version of the protocol on, workers take blocks of others, and wait for the word that they may go. */
export const handsOverSince = 2;

/** From this version of the protocol on, tasks are handed out and reported as runs. */
export const runsSince = 3;

/** From this version of the protocol on, workers compute operations and reductions that were not there before. */
export const operationsSince = 4;

/** From this version of the protocol on, workers ask whose blocks the result of a job is. */
export const sharesResultsSince = 4;

/** From this version of the protocol on, workers write stores. */
export const outputsSince = 5;

/** From this version of the protocol on, tasks read blocks that other jobs have persisted. */
export const readsPersistedSince = 6;

/** From this version of the protocol on, workers exchange values in parts of blocks. */
export const exchangesSince = 7;

/** From this version of the protocol on, workers compute products, second-order regriddings, and places of extremes in groups. */
export const productsSince = 7;

/** From this version of the protocol on, workers know where() without another branch, is_missing() and fill_missing(). */
export const maskingSince = 8;
