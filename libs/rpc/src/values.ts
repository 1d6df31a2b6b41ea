/** Values on the wire: how workers send them, and how whoever calls workers takes them. */
export { chunkServiceClient, chunkServiceDefinition, type Traffic } from './values/chunk-service.ts';
