export { type SampleOptions, writeSample } from './write-sample.ts';
