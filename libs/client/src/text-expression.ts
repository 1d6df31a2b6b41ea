import type { Expression } from '@hyperslab/proto/expression';
import type { Connection } from './connection.ts';
import { LazyArray } from './lazy-array.ts';

/** A lazy array that is written in the expression language. */
export class TextExpression extends LazyArray {
  readonly text: string;

  constructor(connection: Connection, dataset: string, text: string) {
    super(connection, dataset);
    this.text = text;
  }

  override toExpression(): Expression {
    return { dataset: this.dataset, form: { $case: 'text', value: this.text } };
  }
}
