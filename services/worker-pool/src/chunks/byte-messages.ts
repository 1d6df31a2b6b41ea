import { type ChannelCredentials, type ClientOptions, makeGenericClientConstructor } from '@grpc/grpc-js';
import { type ChunkServiceClient, ChunkServiceService } from '@hyperslab/proto/worker';
import { decodeBlockFrame, encodeArrayFrame, encodeBlockFrame } from './frame-codec.ts';

/** ChunkService as it is served here: frames are encoded with one copy. */
export const chunkServiceDefinition: typeof ChunkServiceService = {
  ...ChunkServiceService,
  readResult: { ...ChunkServiceService.readResult, responseSerialize: encodeArrayFrame },
  readArray: { ...ChunkServiceService.readArray, responseSerialize: encodeArrayFrame },
  fetchBlock: {
    ...ChunkServiceService.fetchBlock,
    responseSerialize: encodeBlockFrame,
    responseDeserialize: decodeBlockFrame,
  },
};

/** A client of peers that takes block frames without a copy. */
export const PeerClient = makeGenericClientConstructor(
  chunkServiceDefinition,
  'hyperslab.v1.ChunkService',
) as unknown as new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => ChunkServiceClient;
