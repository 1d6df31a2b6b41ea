/** Remarks of a merge, one line for all the variables that one is about. */
export class Notes {
  #subjects = new Map<string, string[]>();

  add(subject: string, remark: string): void {
    const subjects = this.#subjects.get(remark);
    if (subjects === undefined) this.#subjects.set(remark, [subject]);
    else subjects.push(subject);
  }

  /** "t, u, v: joined along report in the order of the arguments". */
  lines(): string[] {
    return [...this.#subjects].map(([remark, subjects]) => `${subjects.join(', ')}: ${remark}`);
  }
}
