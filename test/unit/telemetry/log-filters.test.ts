import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Writable } from "node:stream";
import express from "express";
import morgan from "morgan";
import { pino } from "pino";
import { pinoHttp } from "pino-http";
import { describe, expect, test } from "vitest";
import winston from "winston";
import { expressMaintenance } from "../../../src/adapters/express.ts";
import { morganSkip, pinoHooks, pinoHttpLogLevel, winstonFilter } from "../../../src/telemetry/log-filters.ts";
import { testGate } from "../../support/closed-gate.ts";
import { serve } from "../../support/serve.ts";

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

interface Lines {
  readonly stream: Writable;
  /** Resolves with the output when a line contains `last`. */
  until(last: string): Promise<readonly string[]>;
}

function lines(): Lines {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk).trim());
      done();
      stream.emit("line");
    },
  });
  return {
    stream,
    async until(last) {
      while (!written.some((line) => line.includes(last))) await new Promise((resolve) => stream.once("line", resolve));
      return written;
    },
  };
}

/** Requests the front page of a closed site behind `log`, and then exempt paths below `/own`, the last one being `/own/last`. */
async function visit(log: Middleware, poweredBy: boolean): Promise<readonly number[]> {
  const { gate, close } = await testGate({ exempt: { paths: ["/own/*"] } });
  await close();
  const app = express().set("x-powered-by", poweredBy).use(log, expressMaintenance(gate));
  app.get("/own/:status", (request, response) => void response.sendStatus(Number(request.params.status) || 200));
  const served = await serve(createServer(app));
  const statuses: number[] = [];
  for (const path of ["/", "/own/503", "/own/500", "/own/last"]) {
    statuses.push((await fetch(served.url + path)).status);
  }
  await served.close();
  return statuses;
}

// If no header was set before, node:http stores those given to `writeHead` in another place.
describe.each([
  ["after headers were set", true],
  ["on a response without any", false],
])("the 503 of a closed site, %s,", (_title, poweredBy) => {
  test("is dropped by morgan, and the application's own is not", async () => {
    const { stream, until } = lines();
    const log = morgan(":status :url", { stream, skip: morganSkip() });
    expect(await visit(log, poweredBy)).toEqual([503, 503, 500, 200]);
    expect(await until("last")).toEqual(["503 /own/503", "500 /own/500", "200 /own/last"]);
  });

  test("is dropped by pino-http, by level", async () => {
    const { stream, until } = lines();
    const customLogLevel = pinoHttpLogLevel((_request, response: ServerResponse) =>
      response.statusCode >= 500 ? "error" : "debug",
    );
    await visit(pinoHttp({ level: "trace", customLogLevel }, stream), poweredBy);
    const entries = (await until("last")).map((line) => JSON.parse(line));
    expect(entries.map(({ level, req }) => `${level} ${req.url}`)).toEqual([
      "50 /own/503",
      "50 /own/500",
      "20 /own/last",
    ]);
  });

  test("is dropped by pino's hook", async () => {
    const { stream, until } = lines();
    await visit(pinoHttp({ logger: pino({ hooks: pinoHooks() }, stream) }), poweredBy);
    const entries = (await until("last")).map((line) => JSON.parse(line));
    expect(entries.map(({ req }) => req.url)).toEqual(["/own/503", "/own/500", "/own/last"]);
  });

  test("is dropped by winston", async () => {
    const { stream, until } = lines();
    const { combine, printf } = winston.format;
    const transports = [new winston.transports.Stream({ stream })];
    const format = combine(
      winstonFilter(),
      printf(({ message }) => String(message)),
    );
    const logger = winston.createLogger({ format, transports });
    const log: Middleware = ({ url }, response, next) => {
      response.on("finish", () => logger.error({ message: `${response.statusCode} ${url}`, res: response }));
      next();
    };
    await visit(log, poweredBy);
    expect(await until("last")).toEqual(["503 /own/503", "500 /own/500", "200 /own/last"]);
  });
});

test("pino-http logs at info by default, as without the option", () => {
  expect(pinoHttpLogLevel()({}, { statusCode: 500 })).toBe("info");
});

test("winston drops an error thrown for a site in maintenance, and keeps the others", async () => {
  const { stream, until } = lines();
  const transports = [new winston.transports.Stream({ stream })];
  const logger = winston.createLogger({
    format: winston.format.combine(winstonFilter(), winston.format.json()),
    transports,
  });
  const response = new Response("", { status: 503, headers: { maintenance: 'closed;site="*";version=1' } });
  logger.error("no stock", Object.assign(new Error("upstream"), { response }));
  logger.error("no stock", response);
  logger.error("no stock", new Error("last"));
  expect(await until("last")).toHaveLength(1);
});
