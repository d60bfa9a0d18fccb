/** Which object store, and who reads there. */
export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  /** Empty: nobody in particular, who may read what is public. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Before the second attempt of a request; twice as long before each further one. Default: 250. */
  readonly retryDelayMs?: number;
}

/** As the tools of AWS read them from the environment. */
export function s3SettingsFrom(env: Readonly<Record<string, string | undefined>>): S3Settings {
  const given = (...names: string[]): string | undefined => names.map((name) => env[name]).find((value) => value);
  const region = given("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1";
  const sessionToken = given("AWS_SESSION_TOKEN");
  return {
    endpoint: given("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? `https://s3.${region}.amazonaws.com`,
    region,
    accessKeyId: given("AWS_ACCESS_KEY_ID") ?? "",
    secretAccessKey: given("AWS_SECRET_ACCESS_KEY") ?? "",
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}
