import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { openApi } from "../../../src/admin/schema/open-api.ts";

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
}

// biome-ignore lint/suspicious/noExplicitAny: a document as a client reads it
export const DOCUMENT: any = JSON.parse(JSON.stringify(openApi()));

const PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = DOCUMENT.paths;

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
addFormats.default(ajv);
ajv.addKeyword("components");
ajv.addSchema({ $id: "api", components: DOCUMENT.components });

const compiled = new Map<object, ValidateFunction>();

/** Returns the compiled validator of a schema in the document. */
export function validatorOf(schema: object): ValidateFunction {
  let validator = compiled.get(schema);
  if (validator === undefined) {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
    validator = ajv.compile(JSON.parse(text));
    compiled.set(schema, validator);
  }
  return validator;
}

export interface DocumentedOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

export const OPERATIONS: readonly DocumentedOperation[] = Object.entries(PATHS).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
);

/** Finds the operation for `method` and `path`, relative to `api/v1`; literal paths take precedence over templates. */
function findOperation(method: string, path: string): DocumentedOperation | undefined {
  return OPERATIONS.find((operation) => {
    const pattern = operation.path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+");
    return operation.method === method && new RegExp(`^${pattern}$`).test(path);
  });
}

/** Returns the differences between an answer and the description of the API; empty if they agree. */
export function undocumented(method: string, path: string, response: Response, text: string): readonly string[] {
  const operation = findOperation(method === "HEAD" ? "GET" : method, path);
  const { status } = response;
  if (operation === undefined) return status === 404 || status === 405 ? [] : [`${method} ${path} is not described`];
  const described = operation.responses[String(status)];
  if (described === undefined) return [`${operation.operationId}: ${status} is not described: ${text}`];
  const type = response.headers.get("content-type")?.split(";", 1)[0] ?? "";
  if (described.content === undefined) return text === "" ? [] : [`${operation.operationId}: ${status} has a body`];
  const content = described.content[type];
  if (content === undefined) return [`${operation.operationId}: ${status} is ${type}`];
  if (!type.endsWith("json") || content.schema === undefined || method === "HEAD") return [];
  const validate = validatorOf(content.schema);
  const values = type === "application/x-ndjson" ? text.trimEnd().split("\n") : [text];
  return values.flatMap((value) =>
    validate(JSON.parse(value)) ? [] : [`${operation.operationId}: ${status}: ${ajv.errorsText(validate.errors)}`],
  );
}
