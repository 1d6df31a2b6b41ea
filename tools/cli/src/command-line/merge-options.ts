import type { Command } from 'commander';
import { collect } from './option-values.ts';

/** How files are merged, as options of a command. */
export interface MergeFlags {
  ignoreAttribute: string[];
  dimension: string[];
  allowMissing?: boolean;
  best?: boolean;
  overlay: string[];
  set: string[];
}

/** Adds them to a command that merges files. */
export function addMergeOptions(command: Command): Command {
  return command
    .option('--ignore-attribute <name>', 'attribute that may differ; may be repeated', collect, [])
    .option(
      '--dimension <name=where>',
      "coordinate from each file's URL (realization=ensemble_(\\d+)) or a global attribute (run=@ATTRIBUTE, run=@ATTRIBUTE/PATTERN); may be repeated",
      collect,
      [],
    )
    .option('--allow-missing', 'take a place that no piece lies in (a member, a step) as missing data')
    .option('--best', 'of several forecasts for one time, take only that of the latest run')
    .option('--overlay <file>', 'YAML file of changes to the metadata; may be repeated', collect, [])
    .option(
      '--set <variable.attribute=value>',
      'sets an attribute, a global one as .title=…; may be repeated',
      collect,
      [],
    );
}

/** The same as the SDK takes them. */
export function mergeOptions({ ignoreAttribute, dimension, allowMissing, best, overlay, set }: MergeFlags) {
  return {
    ignoreAttributes: ignoreAttribute,
    dimensions: dimension,
    allowMissing,
    best,
    overlays: overlay,
    set,
  };
}
