import { describe, expect, test } from "vitest";
import { parseProxyUrl, parseRedapUrl } from "./redap-url.js";
import { authorizationFor } from "./token.js";

describe("an address", () => {
  test.each([
    ["rerun+http://127.0.0.1:9876/proxy", "http://127.0.0.1:9876", "proxy"],
    ["rerun+http://127.0.0.1/proxy/", "http://127.0.0.1:9876", "proxy"],
    ["rerun+http://localhost", "http://localhost:51234", ""],
    ["rerun://example.com/catalog", "https://example.com:443", "catalog"],
    ["rerun+http://example.com:80/proxy", "http://example.com:80", "proxy"],
    ["rerun+https://example.com:443/proxy", "https://example.com:443", "proxy"],
    ["rerun+http://[::1]:1234/entry/12", "http://[::1]:1234", "entry/12"],
  ])("%s", (href, origin, path) => {
    expect(parseRedapUrl(href)).toMatchObject({ origin, path, href });
  });

  test("keeps query and fragment", () => {
    const { query, fragment } = parseRedapUrl("rerun://h/dataset/1?segment_id=s#when=t@1");
    expect([query.get("segment_id"), fragment]).toEqual(["s", "when=t@1"]);
  });

  test.each(["foo", "", "http://localhost:9876/proxy", "127.0.0.1:9876", "ftp://a/proxy"])(
    "without a scheme of Rerun's: %j",
    (href) => {
      expect(() => parseProxyUrl(href)).toThrow(
        `invalid endpoint "${href}": invalid or missing scheme (expected one of: \`rerun://\`, \`rerun+http://\`, \`rerun+https://\`)`,
      );
    },
  );

  test.each(["rerun://", "rerun+http://a b/proxy", "rerun+http://127.0.0.1:99999/proxy"])("that cannot be read: %s", (href) => {
    expect(() => parseProxyUrl(href)).toThrow(`invalid endpoint "${href}": the host or port cannot be read`);
  });

  test("of something else than a proxy is refused where a proxy is meant", () => {
    expect(() => parseProxyUrl("rerun+http://127.0.0.1:1/dataset/abc")).toThrow("the path must be `/proxy`, got `/dataset/abc`");
  });
});

describe("a token", () => {
  const tokenFor = (claims: unknown): string =>
    ["{}", JSON.stringify(claims), "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");

  test("goes to the hosts it names", () => {
    const token = tokenFor({ allowed_hosts: ["data.example.com", ".rerun.test"] });
    expect(authorizationFor(token, "data.example.com", {})).toBe(`Bearer ${token}`);
    expect(authorizationFor(token, "a.rerun.test", {})).toBe(`Bearer ${token}`);
    expect(authorizationFor(token, "evil-rerun.test", {})).toBeUndefined();
    expect(authorizationFor(token, "example.com", {})).toBeUndefined();
  });

  test("without named hosts goes to Rerun's cloud only, unless the check is switched off", () => {
    const token = tokenFor({});
    expect(authorizationFor(token, "x.cloud.rerun.io", {})).toBe(`Bearer ${token}`);
    expect(authorizationFor(token, "127.0.0.1", {})).toBeUndefined();
    expect(authorizationFor(token, "127.0.0.1", { RERUN_INSECURE_SKIP_HOST_CHECK: "1" })).toBe(`Bearer ${token}`);
  });

  test("that is no JWT is refused", () => {
    expect(() => authorizationFor("secret", "h", {})).toThrow("The token is no JWT: it has 1 parts, expected 3");
    expect(() => authorizationFor("a.b.c", "h", {})).toThrow("its claims cannot be read");
  });
});
