/** A failure in the words of the mesh. */
class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Values behind a head: of a slice, or the places of its cells. */
export interface Frame<Head> {
  head: Head;
  /** IEEE 754 single precision, as bits: a missing value is a NaN of its own. */
  bits: Uint32Array<ArrayBuffer>;
}

/** Asks the API for JSON. Addresses are relative to the page's, whatever prefix that has. */
export async function getJson<T>(
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<T> {
  return (await get(path, query, signal)).json() as Promise<T>;
}

/** Asks the API for values. */
export async function getFrame<Head>(
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<Frame<Head>> {
  const bytes = await (await get(path, query, signal)).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as Head;
  return { head, bits: new Uint32Array(bytes, 4 + length) };
}

/** Asks the mesh to stop a job. */
export async function cancelJob(id: string): Promise<void> {
  await checked(
    fetch(`api/jobs/${encodeURIComponent(id)}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }),
  );
}

async function get(path: string, query: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  return checked(fetch(`api/${path}?${new URLSearchParams(query)}`, { signal }));
}

async function checked(answer: Promise<Response>): Promise<Response> {
  const response = await answer.catch((error) => {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('UNAVAILABLE', 'the dashboard does not answer; is the connection to it still there?');
  });
  if (response.ok) return response;
  const body: { error?: { code?: string; message?: string } } = await response.json().catch(() => ({}));
  const { code = 'INTERNAL', message = `the dashboard answered ${response.status}` } = body.error ?? {};
  throw new ApiError(code, message);
}

/** Whether something failed only because it is not wanted any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
