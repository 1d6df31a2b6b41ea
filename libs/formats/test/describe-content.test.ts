import assert from 'node:assert/strict';
import { describeContent } from '../src/describe-content.ts';

describe('what bytes look like', () => {
  const text = (content: string) => Buffer.from(content, 'latin1');
  const cases: [string, Uint8Array, RegExp][] = [
    ['nothing', text(''), /^an empty object$/],
    ['GRIB', text('GRIB\0\0\0\x02'), /GRIB/],
    ['an HTML page', text('\n <!DOCTYPE html><html>'), /HTML page/],
    ['XML', text('<?xml version="1.0"?>'), /XML/],
    ['text', text('time,value\n1,2\n'), /^text beginning "time,value"$/],
    ['zeros', Buffer.alloc(10), /^10 zero bytes$/],
    ['gzip', text('\x1f\x8b\x08'), /decompress/],
    ['CDF-3', text('CDF\x03'), /unknown version/],
    ['anything', text('\xff\xfe\x00\x01'), /^bytes fffe0001$/],
  ];
  for (const [what, head, expected] of cases) {
    it(`says ${what}`, () => assert.match(describeContent(head), expected));
  }
});
