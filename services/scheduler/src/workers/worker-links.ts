import type { SchedulerMessage } from '@hyperslab/proto/scheduler';
import { MessageQueue } from '@hyperslab/rpc';

export type Message = NonNullable<SchedulerMessage['message']>;

/** The open connections of workers, by worker. */
export class WorkerLinks {
  readonly #queues = new Map<string, MessageQueue<SchedulerMessage>>();

  /** Opens the way to a worker; one that it had before ends. */
  open(workerId: string): MessageQueue<SchedulerMessage> {
    this.drop(workerId);
    const queue = new MessageQueue<SchedulerMessage>();
    this.#queues.set(workerId, queue);
    return queue;
  }

  /** Whether this is the worker's latest connection. */
  isCurrent(workerId: string, queue: MessageQueue<SchedulerMessage>): boolean {
    return this.#queues.get(workerId) === queue;
  }

  send(workerId: string, message: Message): void {
    this.#queues.get(workerId)?.push({ message });
  }

  /** Ends the connection. */
  drop(workerId: string): void {
    this.#queues.get(workerId)?.end();
    this.#queues.delete(workerId);
  }

  dropAll(): void {
    for (const workerId of [...this.#queues.keys()]) this.drop(workerId);
  }
}
