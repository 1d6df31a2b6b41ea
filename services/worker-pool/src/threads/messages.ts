import type { NativeCodecs } from '@hyperslab/codecs';
import type { JobError } from '@hyperslab/proto/scheduler';
import type { BlockParts } from '@hyperslab/proto/worker';
import type { KeptRangesShare } from '@hyperslab/reader';
import type { StorageRead } from './read-log.ts';
import type { SharedWithThread } from './thread-memory.ts';

/** What a thread is given when it starts. */
export interface ThreadData {
  /** Folders and URLs under which data may be read. */
  roots: readonly string[];
  /** Folders and URLs below which results may be written. */
  outputRoots: readonly string[];
  /** Our own object store. */
  objects: string;
  /** Which code makes indexes of files, so that those of the same code are taken again; empty to keep none. */
  maker: string;
  /** A folder of this process for what does not fit into memory. */
  scratch: string;
  /** What it computes in and the chunks that are kept there; absent where it has ordinary memory, and keeps none. */
  shared?: SharedWithThread;
  /** Ranges of distant objects on disk; absent where none are kept. */
  ranges?: KeptRangesShare;
  /** Where it finds which of its work has been cancelled. */
  cancelled: Int32Array<SharedArrayBuffer>;
  /** Whether chunks are decoded by libraries of the system. */
  nativeCodecs: NativeCodecs;
  /** What it may keep of weights. */
  weightBytes: number;
}

/** What the main thread says. `id` names a piece of work, whose reads are told if it is traced; `query` a question about a block. */
export type ToThread =
  | { type: 'forget'; jobId: string }
  /** The first task of a job in this thread has its plan with it, encoded: a thread that computes comes to each message by itself. */
  | {
      type: 'task';
      id: number;
      traced: boolean;
      jobId: string;
      stage: number;
      task: number;
      plan: Uint8Array | undefined;
    }
  /** Run consecutive tasks of a stage, one after the other. */
  | {
      type: 'tasks';
      id: number;
      traced: boolean;
      jobId: string;
      stage: number;
      first: number;
      count: number;
      plan: Uint8Array | undefined;
    }
  /** Read an array; `request` is an encoded ReadArrayRequest with variable and manifest. */
  | { type: 'array'; id: number; traced: boolean; request: Uint8Array; slabBytes: number }
  /** There is room for one slab more of an array; none is read before. */
  | { type: 'more'; id: number }
  | { type: 'abort'; id: number }
  /** Memory is short. */
  | { type: 'collect'; leastMade: number }
  /** `isHeld`, if collecting garbage would free nothing of it. */
  | { type: 'block'; query: number; bytes?: Uint8Array; isHeld?: boolean; error?: JobError };

/** What a thread says. */
export type FromThread =
  /** It has loaded its code. */
  | { type: 'ready' }
  | { type: 'done'; id: number; bytes: Uint8Array; objects: number; runMs: number }
  /** The next blocks of consecutive tasks, behind each other, and how long they took; behind the last ones no end is said. */
  | { type: 'blocks'; id: number; bytes: Uint8Array; sizes: number[]; runMs: number; isLast: boolean }
  | { type: 'slab'; id: number; slab: EncodedSlab }
  | { type: 'end'; id: number }
  | { type: 'failed'; id: number; error: JobError }
  /** What a traced piece of work has read from storage, before its end is told. */
  | { type: 'reads'; id: number; reads: StorageRead[]; leftOut: number }
  /** A task needs a block of its job or of another one, or parts of several of its own. */
  | {
      type: 'query';
      query: number;
      id: number;
      jobId?: string;
      stage: number;
      task: number;
      parts?: BlockParts;
      /** No other task reads it. */
      alone: boolean;
    }
  | { type: 'counts'; counts: ThreadCounts };

/** A run of consecutive elements, as bytes. */
export interface EncodedSlab {
  origin: number[];
  shape: number[];
  data: Uint8Array;
  /** Empty when nothing is missing. */
  mask: Uint8Array;
}

/** What a thread read from storage since it started, and what it holds now. */
export interface ThreadCounts {
  storageBytes: number;
  storageRequests: number;
  storageErrors: number;
  storageSeconds: number;
  /** Objects of its own heap. */
  heapBytes: number;
  /** Buffers that it made, blocks that are still held included. */
  arrayBufferBytes: number;
}
