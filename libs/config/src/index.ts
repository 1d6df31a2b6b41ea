export { formatByteSize, parseByteSize } from './byte-size.ts';
export { type ConfigRow, configTable } from './config-table.ts';
export { newestFormat } from './durable-formats.ts';
export { parseDuration } from './duration.ts';
export { isLoopback } from './loopback.ts';
export { type Flags, readConfig, type Source, unknownVariables } from './read-config.ts';
export type { ServiceName, Setting } from './setting.ts';
export { type Notation, notationOf } from './setting-types.ts';
export { type Config, type SettingName, settings } from './settings.ts';
