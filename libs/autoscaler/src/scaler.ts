/** Where workers are started and told to go. */
export interface Scaler {
  /** How many there shall be by now, those that are starting included. */
  wanted(): Promise<number>;
  /** Asks for so many; answers when the wish is noted, not when they are there. Who came last goes first. */
  set(wanted: number): Promise<void>;
}
