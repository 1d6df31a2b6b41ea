/** What was looked at, and how it is. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found and, when it is wrong, what to do. */
  detail: string;
}
