import { decodeText } from './answer-cursor.ts';

/** What a server says instead of an answer. */
export interface ServerError {
  /** Of HTTP, or of DAP2; 0 when it states none. */
  code: number;
  message: string;
}

const beginning = 8 * 1024;

/**
 * The error that an answer is, whatever its status: `Error { code = …; message = "…"; };` of DAP2 (ESE-RFC-004, section 6.2) or an
 * `<Error>` document of DAP4 (volume 1, section 8.3); undefined when it is something else.
 */
export function errorIn(answer: Uint8Array): ServerError | undefined {
  const text = decodeText(answer.subarray(0, beginning)).trimStart();
  if (/^Error\s*\{/i.test(text)) {
    const message = /\bmessage\s*=\s*"((?:[^"\\]|\\.)*)/i.exec(text)?.[1] ?? '';
    return { code: Number(/\bcode\s*=\s*(\d{1,9})/i.exec(text)?.[1] ?? 0), message: oneLine(message) };
  }
  const document = /^(?:<\?xml[^>]*>\s*)?<(?:\w+:)?Error\b([^>]*)>/i.exec(text);
  if (document === null) return undefined;
  const code = Number(/\bhttpcode\s*=\s*["'](\d{1,9})/i.exec(document[1])?.[1] ?? 0);
  const message = /<(?:\w+:)?Message\b[^>]*>([^<]*)/i.exec(text)?.[1] ?? '';
  return { code, message: oneLine(message) };
}

function oneLine(text: string): string {
  return text.replace(/\\(.)/g, '$1').replace(/\s+/g, ' ').trim().slice(0, 300);
}
