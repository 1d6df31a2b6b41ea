import { HyperslabError } from '@hyperslab/errors';
import { CatalogServiceService } from '@hyperslab/proto/catalog';
import { implement, type ServedService, serverStream, unary } from '@hyperslab/rpc';
import type { Catalog } from './open-catalog.ts';

/** CatalogService: messages in, calls out. */
export function catalogService({ reader, commit, change, watch, assertReadable }: Catalog): ServedService {
  /** A question, which an empty catalog does not answer before it knows whether it was always empty. */
  const asked = <Request, Response>(answer: (request: Request) => Promise<Response>) =>
    unary<Request, Response>(async (request) => {
      assertReadable();
      return answer(request);
    });

  return implement(CatalogServiceService, {
    commitVersion: unary(async ({ requestId, dataset, unlessSame }, { caller, signal }) => {
      if (!dataset) throw new HyperslabError('INVALID_ARGUMENT', 'dataset: is missing', { field: 'dataset' });
      return commit({ requestId, caller, wish: { kind: 'publish', dataset, unlessSame } }, signal);
    }),
    getDataset: asked(({ reference }) => reader.dataset(reference)),
    listDatasets: asked((request) => reader.list(request)),
    listVersions: asked((request) => reader.versions(request)),
    listAliases: asked(({ name }) => reader.aliases(name)),
    unpublish: unary(async ({ reference, requestId }, { caller }) => {
      const done = await change({ requestId, caller, wish: { kind: 'unpublish', reference } });
      return { versions: done.$case === 'unpublished' ? done.value.versions : [] };
    }),
    restoreDataset: unary(async ({ reference, requestId }, { caller }) => {
      const done = await change({ requestId, caller, wish: { kind: 'restore', reference } });
      return { versions: done.$case === 'restored' ? done.value.versions : [] };
    }),
    setAlias: unary(async ({ name, alias, version, requestId }, { caller }) => {
      await change({ requestId, caller, wish: { kind: 'setAlias', name, alias, version } });
      return {};
    }),
    deleteAlias: unary(async ({ name, alias, requestId }, { caller }) => {
      await change({ requestId, caller, wish: { kind: 'deleteAlias', name, alias } });
      return {};
    }),
    watchCatalog: serverStream(({ fromSequence }, { signal }) => {
      assertReadable();
      return watch(fromSequence, signal);
    }),
  });
}
