import { configSource, type Source } from './read-config.ts';
import { type Config, settings } from './settings.ts';

/** A row of what `hyperslab config` prints. */
export interface ConfigRow {
  variable: string;
  value: string;
  source: Source;
  description: string;
}

/** One row a setting, in the order of the list. Durations are in milliseconds, sizes in bytes. */
export function configTable(config: Config): ConfigRow[] {
  return settings.map((setting) => {
    const value = config[setting.name];
    return {
      variable: setting.variable,
      value: value === undefined ? '' : String(value),
      source: configSource(config, setting.name),
      description: setting.description,
    };
  });
}
