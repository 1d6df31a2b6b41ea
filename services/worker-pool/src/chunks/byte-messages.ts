import { type ChannelCredentials, type ClientOptions, makeGenericClientConstructor } from '@grpc/grpc-js';
import { type ChunkServiceClient, ChunkServiceService } from '@hyperslab/proto/worker';
import { decodeBlockFrame, encodeArrayFrame, encodeBlockFrame } from './frame-codec.ts';

/** Bytes of messages with values that went through this process. */
export interface Traffic {
  /** To clients and to other workers. */
  sent: number;
  /** From other workers. */
  received: number;
}

/** ChunkService as it is served and called here: frames are encoded with one copy, decoded with none, and counted. */
export function chunkServiceDefinition(traffic: Traffic): typeof ChunkServiceService {
  const sent =
    <T>(encode: (message: T) => Buffer) =>
    (message: T) => {
      const bytes = encode(message);
      traffic.sent += bytes.length;
      return bytes;
    };
  return {
    ...ChunkServiceService,
    readResult: { ...ChunkServiceService.readResult, responseSerialize: sent(encodeArrayFrame) },
    readArray: { ...ChunkServiceService.readArray, responseSerialize: sent(encodeArrayFrame) },
    fetchBlock: {
      ...ChunkServiceService.fetchBlock,
      responseSerialize: sent(encodeBlockFrame),
      responseDeserialize(bytes) {
        traffic.received += bytes.length;
        return decodeBlockFrame(bytes);
      },
    },
  };
}

/** A client of peers that takes block frames without a copy, and counts them. */
export function peerClient(traffic: Traffic): PeerClientConstructor {
  const definition = chunkServiceDefinition(traffic);
  const client = makeGenericClientConstructor(definition, 'hyperslab.v1.ChunkService');
  return client as unknown as PeerClientConstructor;
}

type PeerClientConstructor = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => ChunkServiceClient;
