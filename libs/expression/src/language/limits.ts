/** Limits of an expression, so that none takes unbounded memory or stack, whoever sent it. */
export const maxNodes = 4096;
export const maxDepth = 200;
