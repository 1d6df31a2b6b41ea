import assert from 'node:assert/strict';
import { refusalOf } from '../../src/http/guard.ts';

const host = '127.0.0.1:8787';
const json = { host, 'content-type': 'application/json' };

describe('the guard', () => {
  const cases: [what: string, method: string, headers: Record<string, string>, status: number | undefined][] =
    [
      ['a read by address', 'GET', { host }, undefined],
      ['a read by localhost', 'HEAD', { host: 'localhost:8787' }, undefined],
      ['a read under a name of someone else', 'GET', { host: 'evil.example' }, 421],
      ['a read without Host', 'GET', {}, 421],
      ['another method', 'DELETE', { host }, 405],
      ['a post of a program', 'POST', json, undefined],
      [
        'a post of the page',
        'POST',
        { ...json, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
        undefined,
      ],
      [
        'a post of the page with parameters',
        'POST',
        { ...json, 'content-type': 'application/json; charset=utf-8' },
        undefined,
      ],
      [
        'a post through a proxy',
        'POST',
        { ...json, origin: 'https://mesh.example', 'x-forwarded-host': 'mesh.example' },
        undefined,
      ],
      ['a form', 'POST', { host, 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['a post without a type', 'POST', { host }, 415],
      ['a type that only begins like JSON', 'POST', { host, 'content-type': 'application/jsonp' }, 415],
      ['a post of another site', 'POST', { ...json, origin: 'https://evil.example' }, 403],
      ['a post of another port', 'POST', { ...json, origin: 'http://127.0.0.1:9999' }, 403],
      ['a post of a sandbox', 'POST', { ...json, origin: 'null' }, 403],
      ['a post that the browser calls cross-site', 'POST', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
      ['a post that the browser calls same-site', 'POST', { ...json, 'sec-fetch-site': 'same-site' }, 403],
      [
        'a post under a name of someone else',
        'POST',
        { ...json, host: 'evil.example', origin: 'http://evil.example' },
        421,
      ],
    ];
  for (const [what, method, headers, status] of cases)
    it(`${status === undefined ? 'lets' : `answers ${status} to`} ${what}`, () =>
      assert.equal(refusalOf({ method, headers })?.status, status));
});
