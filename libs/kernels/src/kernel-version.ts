/**
 * Version of the kernels, as an order of additions and roundings: to be raised by every change after which a block may
 * differ in a bit. Blocks of different versions are never parts of one result.
 */
export const kernelVersion = '8';
