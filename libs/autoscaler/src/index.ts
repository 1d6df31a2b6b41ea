export { type Decision, decide, type ScalingInput, type ScalingRule } from './policy/decide.ts';
export { type Figures, figuresOf, type WorkerSize } from './policy/figures.ts';
export { emptyMemory, type ScalingMemory } from './policy/scaling-memory.ts';
export { type ScalingSettings, scalingSettings } from './policy/scaling-settings.ts';
export type { Scaler } from './scaler.ts';
export { type ScalingListener, ScalingLoop, type ScalingPart } from './scaling-loop.ts';
export { connectFigures, type FigureSource } from './scheduler-figures.ts';
