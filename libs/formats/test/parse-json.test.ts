import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import fc from 'fast-check';
import { type Json, JsonBudget, parseJson } from '../src/json/parse-json.ts';

const parse = (text: string) => parseJson(Buffer.from(text), 'mem:x');

/** As JSON.parse has it: integers as doubles. */
function inexact(value: Json): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(inexact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inexact(member)]));
}

function refuses(text: string, message: RegExp): void {
  assert.throws(
    () => parse(text),
    (error) => isHyperslabError(error, 'FORMAT_CORRUPT') && message.test((error as Error).message),
    text,
  );
}

describe('JSON of metadata', () => {
  it('is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
        assert.deepEqual(inexact(parse(spaced)), JSON.parse(spaced));
      }),
    );
  });

  it('keeps integers exact and apart from other numbers', () => {
    const exact = parse('[9007199254740993, -9223372036854775808, 1.0, 1e2, -0]');
    assert.deepEqual(exact, [9007199254740993n, -9223372036854775808n, 1, 100, -0]);
  });

  it('takes the words that Python writes', () => {
    assert.deepEqual(parse('{"a": NaN, "b": [Infinity, -Infinity]}'), {
      __proto__: null,
      a: Number.NaN,
      b: [Infinity, -Infinity],
    });
  });

  it('has no halves of characters, which no URL can have', () => {
    const text = String.raw`["\ud83c\udf0d", "s3://b/\ud83c", "\udf0dx\ud83c\ud83c\udf0d", {"\ud800": 1}]`;
    assert.deepEqual(parse(text), [
      '🌍',
      's3://b/\uFFFD',
      '\uFFFDx\uFFFD🌍',
      { __proto__: null, '\uFFFD': 1n },
    ]);
  });

  it('takes names that objects have of their own', () => {
    const object = parse('{"__proto__": {"x": 1}, "constructor": 2}') as Record<string, Json>;
    assert.deepEqual(Object.keys(object), ['__proto__', 'constructor']);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });

  it('holds no more values than a budget has, of one text or of several', () => {
    // Two for the list, five for the object, four for each of its members, one for each number or text.
    const [text, cost] = [Buffer.from('[1, {"a": 2, "b": "c"}]'), 18];
    const budget = new JsonBudget();
    assert.ok(budget.claim(40_000_000 - 2 * cost));
    parseJson(text, 'mem:x', budget);
    parseJson(text, 'mem:x', budget);
    assert.throws(() => parseJson(Buffer.from('[1]'), 'mem:y', budget), {
      reason: 'TOO_LARGE',
      message: /^mem:y at byte 0: expected JSON of fewer values, .* write references as Parquet$/,
    });
  });

  it('says where it is none', () => {
    refuses('{"a": 1,}', /^mem:x at byte 8: expected the name of a JSON member, found "}"/);
    refuses('{"é" 1}', /at byte 6: expected a colon/);
    refuses('[1 2]', /a comma or \]/);
    refuses('"a\\x"', /an escape/);
    refuses('"abc', /the end of a JSON string, found the end of the text/);
    refuses('[01]', /a comma/);
    refuses('', /a JSON value, found the end/);
    refuses('{} {}', /the end of the JSON text/);
    refuses('['.repeat(200), /at most 100 levels/);
    refuses('1'.repeat(5000), /a JSON value/);
  });

  it('ends in a value or an error whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.string().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          try {
            parseJson(bytes, 'mem:x');
          } catch (error) {
            assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
          }
        },
      ),
    );
  });
});
