import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type MintTokenOptions, mintToken, verifyAuthorization } from "./tokens.js";

const SECRET = Buffer.alloc(32, 7);
const NOW = 1_800_000_000;
const OPTIONS: MintTokenOptions = { allowedHosts: ["localhost"], permission: "read-write", lifetimeSec: 60, subject: "me" };

const bearer = (options: Partial<MintTokenOptions> = {}): string =>
  `Bearer ${mintToken(SECRET, { ...OPTIONS, ...options }, NOW)}`;
const verify = (header: string | undefined, now: number = NOW) => verifyAuthorization(SECRET, header, now);
const forged = (head: object, claims: object, secret: Uint8Array = SECRET): string => {
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `Bearer ${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
};

describe("tokens", () => {
  it("say what their bearer may do, until they end", () => {
    expect(verify(bearer())).toEqual({ permission: "read-write", subject: "me" });
    expect(verify(bearer({ permission: "read" })).permission).toBe("read");
    expect(verify(bearer(), NOW + 59).permission).toBe("read-write");
    expect(() => verify(bearer(), NOW + 60)).toThrow("has expired");
  });

  it("are refused when they are missing, damaged, foreign or unsigned", () => {
    const good = bearer();
    const claims = { exp: NOW + 60, permissions: ["read"] };
    const cases: [string | undefined, string][] = [
      [undefined, "a token is required"],
      ["Basic abc", "authorization: Bearer"],
      ["Bearer a.b", "no JWT"],
      ["Bearer !.?.#", "no JWT"],
      [`${good}x`, "not signed by this server"],
      [good.replace(/\.[^.]+\./, `.${Buffer.from("{}").toString("base64url")}.`), "not signed by this server"],
      [forged({ alg: "HS256" }, claims, Buffer.alloc(32)), "not signed by this server"],
      [forged({ alg: "none" }, claims), "not signed by this server"],
      [forged({ alg: "HS256" }, { permissions: ["read"] }), "has expired"],
      [`Bearer ${"a".repeat(9000)}.b.c`, "no JWT"],
    ];
    for (const [header, why] of cases) {
      expect(() => verify(header), why).toThrow(
        expect.objectContaining({ code: "Unauthenticated", message: expect.stringContaining(why) }),
      );
    }
  });

  it("without a permission are understood, and refused", () => {
    const header = forged({ alg: "HS256" }, { exp: NOW + 1, permissions: ["write"] });
    expect(() => verify(header)).toThrow(expect.objectContaining({ code: "PermissionDenied" }));
  });

  it("are not made with a secret that could be guessed", () => {
    expect(() => mintToken(Buffer.from("short"), OPTIONS, NOW)).toThrow("at least 32 bytes, got 5");
  });
});
