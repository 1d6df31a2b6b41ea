import { boxRequest, dapUrl, decodeAnswer, type FlatVariable, valuesOf } from '@hyperslab/dap';
import type { DapServer } from './dap-server.ts';

/** Asks for the first value of a variable that has some: whether its server answers as it was understood. Throws when it does not. */
export async function readFirst(
  { protocol, dataSet, storage, signal }: DapServer,
  { id, type, dimensions }: FlatVariable,
): Promise<void> {
  const one = dimensions.map(() => 1);
  const asked = { id, type, shape: dimensions.map(({ size }) => size) };
  const request = boxRequest(protocol, asked, { origin: one.map(() => 0), shape: one });
  const source = storage.open(dapUrl(protocol, dataSet, request));
  const { size } = await source.stat(signal);
  const [answer] = await source.read([{ offset: 0, length: size }], { signal });
  valuesOf(source.url, decodeAnswer(protocol, source.url, answer), asked, one);
}
