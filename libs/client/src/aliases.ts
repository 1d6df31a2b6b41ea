import { call } from '@hyperslab/rpc/calls';
import type { CallOptions, ChangeOptions } from './catalog-calls.ts';
import type { Connection } from './connection.ts';
import { newRequestId } from './jobs.ts';

/** The aliases of one name. "latest" is kept by the catalog itself. */
export interface Aliases {
  /** Versions by alias. */
  list(options?: CallOptions): Promise<Map<string, number>>;
  /** Points an alias at a version. */
  set(alias: string, version: number, options?: ChangeOptions): Promise<void>;
  delete(alias: string, options?: ChangeOptions): Promise<void>;
}

/** The aliases of a name. */
export function aliasesOf(connection: Connection, name: string): Aliases {
  const { catalog } = connection;
  return {
    async list({ signal } = {}) {
      const { aliases } = await call(catalog, 'listAliases', { name }, connection.repeatable(signal));
      return new Map(Object.entries(aliases));
    },
    async set(alias, version, { requestId = newRequestId(), signal } = {}) {
      await call(catalog, 'setAlias', { name, alias, version, requestId }, connection.repeatable(signal));
    },
    async delete(alias, { requestId = newRequestId(), signal } = {}) {
      await call(catalog, 'deleteAlias', { name, alias, requestId }, connection.repeatable(signal));
    },
  };
}
