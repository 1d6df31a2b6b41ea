import { SchedulerEvent } from '@hyperslab/proto/scheduler';
import { JobLedger } from './job-ledger.ts';
import { JournalFile } from './journal-file.ts';

/** An event, and where in the file it ends. */
export interface PlacedEvent {
  event: SchedulerEvent;
  end: number;
}

/** A file of events in the order of their numbers. Numbers may be missing where events are no longer needed. */
export class EventFile {
  readonly #file: JournalFile;
  readonly #remembered: number;
  #ledger: JobLedger;
  #last = 0;
  #count = 0;

  private constructor(file: JournalFile, remembered: number, found: Tally) {
    this.#file = file;
    this.#remembered = remembered;
    this.#ledger = found.ledger;
    this.#last = found.last;
    this.#count = found.count;
  }

  /** Opens or makes the file. `remembered` is how many publishes that are over are needed. */
  static async open(path: string, remembered: number): Promise<EventFile> {
    const tally = newTally(remembered);
    const file = await JournalFile.open(path, (payload) => count(tally, SchedulerEvent.decode(payload)));
    return new EventFile(file, remembered, tally);
  }

  /** What a restart needs. */
  get ledger(): JobLedger {
    return this.#ledger;
  }

  /** Number of the last event; 0 when there is none. */
  get last(): number {
    return this.#last;
  }

  /** How many events there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the file. */
  get length(): number {
    return this.#file.length;
  }

  /**
   * Resolves when the events are on the disk; after a failure none of them is.
   * @throws HyperslabError DISK_FULL, STORAGE_UNAVAILABLE
   */
  async append(events: readonly SchedulerEvent[]): Promise<void> {
    await this.#file.append(events.map((event) => SchedulerEvent.encode(event).finish()));
    for (const event of events) this.#ledger.add(event);
    this.#last = events.at(-1)?.sequence ?? this.#last;
    this.#count += events.length;
  }

  /** The events from an offset on, as far as the file reaches now. */
  async *events(from = 0): AsyncGenerator<PlacedEvent, void, undefined> {
    for await (const { payload, end } of this.#file.records(from))
      yield { event: SchedulerEvent.decode(payload), end };
  }

  /** The event of a number; undefined when it is not there. */
  async find(sequence: number): Promise<SchedulerEvent | undefined> {
    for await (const { event } of this.events()) if (event.sequence === sequence) return event;
    return undefined;
  }

  /** Puts other events, in order of their numbers, in place of all. @throws as `append`, and what the source throws */
  async replace(events: AsyncIterable<SchedulerEvent>): Promise<void> {
    const tally = newTally(this.#remembered);
    await this.#file.replace(encoded(events, tally));
    this.#ledger = tally.ledger;
    this.#last = tally.last;
    this.#count = tally.count;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

interface Tally {
  ledger: JobLedger;
  last: number;
  count: number;
}

function newTally(remembered: number): Tally {
  return { ledger: new JobLedger(remembered), last: 0, count: 0 };
}

function count(tally: Tally, event: SchedulerEvent): void {
  tally.ledger.add(event);
  tally.last = event.sequence;
  tally.count++;
}

async function* encoded(events: AsyncIterable<SchedulerEvent>, tally: Tally): AsyncGenerator<Uint8Array> {
  for await (const event of events) {
    count(tally, event);
    yield SchedulerEvent.encode(event).finish();
  }
}
