import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { HyperslabError } from '@hyperslab/errors';
import type { SignatureV4 } from '@smithy/signature-v4';

/** Variables of the environment that say how S3 is reached, as the AWS tools read them. */
export type S3Environment = Readonly<Record<string, string | undefined>>;

/** How S3 is reached: the SDK's client, and the same signatures for requests that undici makes. */
export interface S3Access {
  client(): Promise<S3Client>;
  /** Where an object is requested. Path style, which every server knows. */
  requestUrl(bucket: string, key: string): string;
  /** Who pays for a listing, as commands of the SDK take it. */
  readonly requestPayer: 'requester' | undefined;
  /** Headers that authorise a request; none for anonymous access. */
  authorise(method: 'GET' | 'HEAD', requestUrl: string): Promise<Record<string, string>>;
  close(): void;
}

// S3 accepts a signature for 15 minutes, whatever ranges are asked for. Signing anew for each of a million ranges would
// cost more than fetching them.
const signatureLifeMs = 5 * 60_000;
const keptSignatures = 1000;

/**
 * S3 as the environment describes it: AWS_ENDPOINT_URL, AWS_REGION, the SDK's credential chain, else anonymous. As GDAL has them:
 * AWS_NO_SIGN_REQUEST=YES asks nobody for credentials, and with AWS_REQUEST_PAYER=requester the reader pays.
 */
export function createS3Access(env: S3Environment): S3Access {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`;
  const requestPayer = requestPayerOf(env);
  const signatures = new Map<string, { headers: Record<string, string>; madeAt: number }>();
  let connection: Promise<Connection> | undefined;
  const connect = () => {
    connection ??= openConnection(env, region, endpoint, requestPayer);
    return connection;
  };
  return {
    client: async () => (await connect()).client,
    requestPayer,
    requestUrl: (bucket, key) => `${endpoint.replace(/\/$/, '')}/${bucket}/${encodeKey(key)}`,
    async authorise(method, requestUrl) {
      const name = `${method} ${requestUrl}`;
      const known = signatures.get(name);
      if (known !== undefined && Date.now() - known.madeAt < signatureLifeMs) return known.headers;
      const headers = await (await connect()).sign(method, requestUrl);
      signatures.delete(name);
      signatures.set(name, { headers, madeAt: Date.now() });
      if (signatures.size > keptSignatures) signatures.delete(signatures.keys().next().value!);
      return headers;
    },
    close() {
      connection?.then(
        ({ client }) => client.destroy(),
        () => undefined,
      );
    },
  };
}

interface Connection {
  client: S3Client;
  sign(method: string, requestUrl: string): Promise<Record<string, string>>;
}

async function openConnection(
  env: S3Environment,
  region: string,
  endpoint: string,
  requestPayer: 'requester' | undefined,
): Promise<Connection> {
  const config: S3ClientConfig = {
    region,
    endpoint,
    forcePathStyle: true,
    // Checksums that not every server knows are sent and asked for only where S3 demands them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(env.AWS_ACCESS_KEY_ID !== undefined && env.AWS_SECRET_ACCESS_KEY !== undefined
      ? {
          credentials: {
            accessKeyId: env.AWS_ACCESS_KEY_ID,
            secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
            sessionToken: env.AWS_SESSION_TOKEN,
          },
        }
      : {}),
  };
  // Tens of megabytes in each thread, for those who read S3.
  const [{ S3Client }, { SignatureV4 }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@smithy/signature-v4'),
  ]);
  if (/^(yes|true|on|1)$/i.test(env.AWS_NO_SIGN_REQUEST ?? '')) return anonymousConnection(S3Client, config);
  const client = new S3Client(config);
  if (!(await hasCredentials(client, env))) {
    client.destroy();
    return anonymousConnection(S3Client, config);
  }
  const signer = new SignatureV4({
    credentials: client.config.credentials,
    region,
    service: 's3',
    sha256: client.config.sha256,
    uriEscapePath: false,
  });
  // What says who pays must be signed as well.
  const payer: Record<string, string> = requestPayer ? { 'x-amz-request-payer': requestPayer } : {};
  return { client, sign: (method, requestUrl) => signedHeaders(signer, method, requestUrl, payer) };
}

/** Variables that say where credentials are to be found: that they are not there is no reason to go without. */
const sources = ['AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];

async function hasCredentials(client: S3Client, env: S3Environment): Promise<boolean> {
  try {
    await client.config.credentials();
    return true;
  } catch (error) {
    // Nobody gave any: open data is read without. Other failures are for the caller to see.
    if ((error as Error).name !== 'CredentialsProviderError') throw error;
    const source = sources.find((name) => (env[name] ?? '') !== '');
    if (source === undefined) return false;
    throw new HyperslabError(
      'ACCESS_DENIED',
      `${source}: no credentials of S3 come from it (${(error as Error).message}); mend it, or set AWS_NO_SIGN_REQUEST=YES`,
      { variable: source },
      error,
    );
  }
}

function requestPayerOf({ AWS_REQUEST_PAYER: text = '' }: S3Environment): 'requester' | undefined {
  if (text === '') return undefined;
  if (text.toLowerCase() === 'requester') return 'requester';
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `AWS_REQUEST_PAYER: expected "requester" or nothing, found "${text}"`,
  );
}

function anonymousConnection(Client: typeof S3Client, config: S3ClientConfig): Connection {
  const client = new Client({
    ...config,
    credentials: { accessKeyId: '', secretAccessKey: '' },
    signer: { sign: async (request) => request },
  });
  return { client, sign: async () => ({}) };
}

async function signedHeaders(
  signer: SignatureV4,
  method: string,
  requestUrl: string,
  further: Record<string, string>,
): Promise<Record<string, string>> {
  const { protocol, hostname, port, host, pathname } = new URL(requestUrl);
  const signed = await signer.sign({
    method,
    protocol,
    hostname,
    port: port === '' ? undefined : Number(port),
    path: pathname,
    query: {},
    headers: { host, ...further },
  });
  return signed.headers;
}

/** A key as a path of a URL, encoded as the signature wants it (all but unreserved characters and slashes). */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/%2F/g, '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
