import type { z } from 'zod';

/** Who reads settings. */
export type ServiceName =
  | 'catalog'
  | 'scheduler'
  | 'worker-pool'
  | 'metadata-backup'
  | 'opendap-gateway'
  | 'dashboard'
  | 'autoscaler'
  | 'cli';

/** One thing that can be set. */
export interface Setting<Name extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** Key in Config. */
  name: Name;
  /** Flag of the command line. */
  flag: string;
  /** Environment variable. */
  variable: string;
  /** Reads the text of the flag, variable or default. */
  schema: Schema;
  /**
   * As one would write it in the variable. {state}, {cwd} and {cores} stand for the state folder, the working
   * directory and the number of processors. Without a default the setting may stay unset.
   */
  default?: string;
  /** Effect and unit. */
  description: string;
  readBy: readonly ServiceName[];
}

/** One of the list. Its flag is made of its name, unless it is given. */
export function define<const Name extends string, Schema extends z.ZodType>(
  name: Name,
  schema: Schema,
  rest: Omit<Setting, 'name' | 'schema' | 'flag'> & { flag?: string },
): Setting<Name, Schema> {
  const flag = rest.flag ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return { name, schema, ...rest, flag };
}
