import { availableParallelism } from 'node:os';
import { HyperslabError } from '@hyperslab/errors';
import { isLoopback } from './loopback.ts';
import type { Setting } from './setting.ts';
import { type Config, type SettingName, settings } from './settings.ts';

/** Where a value came from. */
export type Source = 'flag' | 'environment' | 'default' | 'unset';

/** Values of flags by the name of their setting; lists as arrays. */
export type Flags = Partial<Record<SettingName, string | number | boolean | readonly string[]>>;

/** Sources of each Config that readConfig made, for the table that `hyperslab config` prints. */
const sources = new WeakMap<Config, Record<string, Source>>();

/** Where the values of a Config came from; all 'default' for one that readConfig did not make. */
export function configSource(config: Config, name: SettingName): Source {
  return sources.get(config)?.[name] ?? 'default';
}

/**
 * Reads every setting: flag, else environment variable, else default. An empty variable counts as unset.
 * @throws HyperslabError INVALID_ARGUMENT that lists every problem with its flag and its variable
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env, flags: Flags = {}): Config {
  const values: Record<string, unknown> = {};
  const from: Record<string, Source> = {};
  const problems: string[] = [];

  for (const setting of settings) {
    const [text, source] = written(setting, env, flags[setting.name], String(values.state));
    from[setting.name] = source;
    if (text === undefined) continue;
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[setting.name] = parsed.data;
    else
      problems.push(
        `${setting.flag} or ${setting.variable} (${setting.description}): ${parsed.error.issues[0].message}`,
      );
  }

  const config = values as Config;
  if (config.bind !== undefined && !isLoopback(config.bind) && !config.allowInsecure)
    problems.push(
      `--bind or HYPERSLAB_BIND: ${config.bind} is not loopback and callers are not authenticated; ` +
        'bind to 127.0.0.1, or set HYPERSLAB_ALLOW_INSECURE=true if the network is trusted',
    );
  if (problems.length > 0)
    throw new HyperslabError('INVALID_ARGUMENT', `configuration: ${problems.join('; ')}`);
  sources.set(config, from);
  return config;
}

function written(
  setting: Setting,
  env: NodeJS.ProcessEnv,
  flag: Flags[SettingName],
  state: string,
): [string | undefined, Source] {
  if (flag !== undefined) return [Array.isArray(flag) ? flag.join(',') : String(flag), 'flag'];
  const variable = env[setting.variable];
  if (variable !== undefined && variable !== '') return [variable, 'environment'];
  if (setting.default === undefined) return [undefined, 'unset'];
  const text = setting.default
    .replace('{state}', () => state)
    .replace('{cwd}', () => process.cwd())
    .replace('{cores}', () => String(availableParallelism()));
  return [text, 'default'];
}

/** HYPERSLAB_* variables that no setting has: most likely misspelt. */
export function unknownVariables(env: NodeJS.ProcessEnv = process.env): string[] {
  const known = new Set<string>(settings.map((setting) => setting.variable));
  return Object.keys(env).filter((name) => name.startsWith('HYPERSLAB_') && !known.has(name));
}
