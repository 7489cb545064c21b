import type { RequestListener } from "node:http";
import express, { type Handler } from "express";
import type { Answer } from "./answer.ts";
import type { Written } from "./server-spec.ts";

/** The fastest way that node:http has: a list of headers that is never copied, and the body in the same write. */
export function sayByNode(written: Written): RequestListener {
  if ("byHost" in written) {
    const listeners = new Map(Object.entries(written.byHost).map(([host, answer]) => [host, sayByNode(answer)]));
    return (request, response) => listeners.get(request.headers.host ?? "")?.(request, response);
  }
  const { status, headers, body } = written;
  const list = [...headers];
  return (_request, response) => {
    response.writeHead(status, list);
    response.end(body);
  };
}

/** The usual way of Express. Without `ETag`, which a closed site must not send. */
export function sayByExpress(answer: Written): RequestListener {
  if ("byHost" in answer) throw new Error("There is no Express server with an answer for each host.");
  const app = express().disable("etag");
  app.use(sendByExpress(answer));
  return app;
}

export function sendByExpress({ status, headers, body }: Answer): Handler {
  const pairs = headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1] ?? ""]] : []));
  const type = pairs.find(([name]) => name === "Content-Type")?.[1] ?? "html";
  const others = Object.fromEntries(pairs.filter(([name = ""]) => !SET_BY_EXPRESS.has(name)));
  return (_request, response) => {
    response.status(status).set(others).type(type).send(body);
  };
}

const SET_BY_EXPRESS: ReadonlySet<string> = new Set(["Content-Type", "Content-Length", "X-Powered-By"]);
