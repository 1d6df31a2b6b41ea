import { type ChannelCredentials, type ClientOptions, makeGenericClientConstructor } from '@grpc/grpc-js';
import { type ChunkServiceClient, ChunkServiceService } from '@hyperslab/proto/worker';
import { decodeArrayFrame, decodeBlockFrame, encodeArrayFrame, encodeBlockFrame } from './frame-codec.ts';

/** Bytes of messages with values that went through this process. */
export interface Traffic {
  /** To clients and to other workers. */
  sent: number;
  /** From other workers. */
  received: number;
}

/** ChunkService as it is served and called: frames are encoded with one copy, decoded with none, and counted. */
export function chunkServiceDefinition(traffic: Traffic): typeof ChunkServiceService {
  const sent =
    <T>(encode: (message: T) => Buffer) =>
    (message: T) => {
      const bytes = encode(message);
      traffic.sent += bytes.length;
      return bytes;
    };
  const received =
    <T>(decode: (bytes: Buffer) => T) =>
    (bytes: Buffer) => {
      traffic.received += bytes.length;
      return decode(bytes);
    };
  const arrays = {
    responseSerialize: sent(encodeArrayFrame),
    responseDeserialize: received(decodeArrayFrame),
  };
  const blocks = {
    responseSerialize: sent(encodeBlockFrame),
    responseDeserialize: received(decodeBlockFrame),
  };
  return {
    ...ChunkServiceService,
    readResult: { ...ChunkServiceService.readResult, ...arrays },
    readArray: { ...ChunkServiceService.readArray, ...arrays },
    fetchBlock: { ...ChunkServiceService.fetchBlock, ...blocks },
  };
}

/** A client of ChunkService that takes frames without a copy: their bytes are views of the messages. */
export function chunkServiceClient(traffic: Traffic = { sent: 0, received: 0 }): ChunkClientConstructor {
  const definition = chunkServiceDefinition(traffic);
  const client = makeGenericClientConstructor(definition, 'hyperslab.v1.ChunkService');
  return client as unknown as ChunkClientConstructor;
}

type ChunkClientConstructor = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => ChunkServiceClient;
