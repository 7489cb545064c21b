import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findBinary } from "./find-binary.ts";

export const OPENSSL: string | null = findBinary(["openssl"]);

export interface Certificate {
  readonly keyFile: string;
  readonly certificateFile: string;
  /** The certificate itself, because it is self-signed. */
  readonly ca: string;
  remove(): Promise<void>;
}

/** Makes a certificate for 127.0.0.1 that is valid for two days. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "maintenance-tls-"));
  const [keyFile, certificateFile] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", keyFile, "-out", certificateFile];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...files, ...subject];
  await promisify(execFile)(OPENSSL ?? "openssl", args);
  return {
    keyFile,
    certificateFile,
    ca: await readFile(certificateFile, "utf8"),
    remove: () => rm(folder, { recursive: true }),
  };
}
