// The dependencies of the bench alone are in its own package.json: types are checked without them.

declare module "fastify" {
  import type { Server } from "node:http";
  export function fastify(): {
    readonly server: Server;
    get(path: string, handler: () => Promise<string>): void;
    ready(): Promise<void>;
  };
}

declare module "koa" {
  import type { RequestListener } from "node:http";
  export default class Koa {
    use(middleware: (context: { body: string }) => void): void;
    callback(): RequestListener;
  }
}

declare module "express-rate-limit" {
  import type { Handler } from "express";
  export function rateLimit(options: {
    readonly windowMs: number;
    readonly limit: number;
    readonly legacyHeaders: boolean;
  }): Handler;
}
