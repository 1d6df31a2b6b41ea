/** An answer that is ready to be sent. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Text that is at hand, or bytes as they come. */
  body: string | AsyncIterable<Uint8Array | string>;
}

/** Sent with everything: what speaks, and in which version. */
export const serverName = 'hyperslab/0.1.0';

/** Headers of every DAP2 answer (ESE-RFC-004, section 6.2). */
export function dapHeaders(description: string, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-description': description,
    'xdods-server': serverName,
    xdap: '2.0',
  };
}

export const plainText = 'text/plain; charset=utf-8';
