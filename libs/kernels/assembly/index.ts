/* Everything that is exported; src/wasm/kernels.ts says the same to TypeScript. */
export * from './chain';
export * from './clear';
export * from './copy';
export * from './counts';
export * from './elementwise';
export * from './extremes';
export * from './finish';
export * from './masks';
export * from './moments';
export * from './scale';
export * from './select';
export * from './squares';
export * from './sums';
export * from './tests';
export * from './unshuffle';
export * from './weighted';
export * from './windows';
