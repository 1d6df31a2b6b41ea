import { readConfig, unknownVariables } from '@hyperslab/config';
import type { Check } from './check.ts';

/** Settings of the environment: all can be read, and none is misspelt. */
export function checkConfiguration(env: NodeJS.ProcessEnv = process.env): Check {
  const name = 'configuration';
  try {
    readConfig(env);
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message };
  }
  const unknown = unknownVariables(env);
  if (unknown.length === 0) return { name, ok: true, detail: 'every setting can be read' };
  return {
    name,
    ok: false,
    detail: `no such setting: ${unknown.join(', ')}; \`hyperslab config\` lists them`,
  };
}
