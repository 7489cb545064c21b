import { existsSync, mkdtempSync, promises, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express, { type Handler } from "express";
import { rateLimit } from "express-rate-limit";
import type { Answer } from "./answer.ts";
import { sendByExpress } from "./same-bytes.ts";
import type { Peer } from "./server-spec.ts";

/** Returns an Express app that `peer` keeps open, or closes with the given answer. */
export function appWithPeer(peer: Peer, closedBy: Answer | null): RequestListener {
  const app = express().disable("etag");
  app.use(middlewareOf(peer, closedBy));
  app.get("/", (_request, response) => {
    response.send("hello");
  });
  return app;
}

function middlewareOf(peer: Peer, closedBy: Answer | null): Handler {
  const answer: Handler = closedBy === null ? (_request, _response, next) => next() : sendByExpress(closedBy);
  switch (peer) {
    case "a flag in memory": {
      const closed = closedBy !== null;
      return (request, response, next) => (closed ? answer(request, response, next) : next());
    }
    case "fs.existsSync of a flag file": {
      const file = flagFile(closedBy !== null);
      return (request, response, next) => (existsSync(file) ? answer(request, response, next) : next());
    }
    case "fs.promises.access of a flag file": {
      const file = flagFile(closedBy !== null);
      return (request, response, next) =>
        promises.access(file).then(
          () => answer(request, response, next),
          () => next(),
        );
    }
    case "express-rate-limit":
      return rateLimit({ windowMs: 3_600_000, limit: Number.MAX_SAFE_INTEGER, legacyHeaders: false });
  }
}

function flagFile(exists: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), "maintenance-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const file = join(folder, "closed");
  if (exists) writeFileSync(file, "");
  return file;
}
