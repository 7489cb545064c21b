import { openApi } from "../src/admin/schema/open-api.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly default?: unknown;
  readonly format?: string;
  readonly description?: string;
  readonly [limit: string]: unknown;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    required: boolean;
    schema: Schema;
    description?: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const INTRODUCTION = `# The admin's API

<!-- Written by scripts/write-api-reference.ts from the API's own description. Do not edit it. -->

All paths are below \`api/v1/\` of the base path of [the admin](admin.md): \`/maintenance/api/v1/sites\`. The admin serves the same description as OpenAPI 3.1 at \`openapi.json\`, for tools and generated clients.

- Programs send a token: \`Authorization: Bearer mm_…\`. Before anything is done, the admin checks the caller's [rights](admin-access.md#rights) on every site that a request names.
- Bodies are \`application/json\` in UTF-8, at most 256 KB. [Limits](security.md#limits) apply to what a caller without the right on everything may change at once.
- An error is a [Problem](#problem), \`application/problem+json\` (RFC 9457). Its \`code\` is one of [these](errors.md).
- \`HEAD\` works wherever \`GET\` does.
`;

/** Returns the text of docs/admin-api.md. */
export function apiReference(): string {
  const { paths, components }: Description = JSON.parse(JSON.stringify(openApi()));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationText(method.toUpperCase(), path.slice(1), operation)),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaText(name, schema));
  return [INTRODUCTION, "## Requests\n", ...operations, "## Schemas\n", ...schemas].join("\n");
}

function operationText(method: string, path: string, operation: Operation): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(responses).filter(([status]) => Number(status) < 400);
  const problems = Object.keys(responses).filter((status) => Number(status) >= 400);
  return [
    `### \`${method} ${path}\`\n`,
    `${summary} ${description}\n`,
    ...(parameters.length === 0 ? [] : [parameterTable(parameters)]),
    ...(body === undefined ? [] : [`Body: ${typeText(body)}.`]),
    ...answers.map(([status, { content = {} }]) => `Answer: ${[status, ...contentText(content)].join(", ")}.`),
    ...(problems.length === 0 ? [] : [`Problems: ${problems.join(", ")}.`]),
    `Operation: \`${operationId}\`.\n`,
  ]
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n");
}

function contentText(content: Content): readonly string[] {
  return Object.entries(content).map(([type, { schema }]) => {
    const told = schema === undefined || Object.keys(schema).length === 0 ? "" : `: ${typeText(schema)}`;
    return type === "application/json" && told !== "" ? told.slice(2) : `\`${type}\`${told}`;
  });
}

function parameterTable(parameters: NonNullable<Operation["parameters"]>): string {
  const rows = parameters.map(({ name, in: place, required, schema, description = "" }) => {
    const told = [typeText(schema), defaultText(schema), description].filter(Boolean).join(". ");
    return `| \`${name}\` | ${place}${required ? "" : ", optional"} | ${cell(told)} |`;
  });
  return ["| parameter | in | what |", "|---|---|---|", ...rows].join("\n");
}

function schemaText(name: string, schema: Schema): string {
  const { properties, required = [], description } = schema;
  const rows = Object.entries(properties ?? {}).map(([member, part]) => {
    const told = [typeText(part), defaultText(part), part.description].filter(Boolean).join(". ");
    return `| \`${member}\` | ${cell(required.includes(member) ? told : `optional: ${told}`)} |`;
  });
  const table = rows.length === 0 ? [] : ["| member | what |", "|---|---|", ...rows, ""];
  const told = properties === undefined ? [`${capitalize(typeText(schema))}.`, ""] : [];
  return [`### ${name}`, "", ...(description === undefined ? [] : [description, ""]), ...told, ...table].join("\n");
}

function typeText(schema: Schema): string {
  const { $ref, anyOf, oneOf, items, prefixItems, properties, additionalProperties, format, type } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf("/") + 1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) return choices.map(typeText).join(" or ");
  if (prefixItems !== undefined) return `list: ${prefixItems.map(typeText).join(", ")}`;
  if (items !== undefined) return `list of ${typeText(items)}${limitsOf(schema)}`;
  if (properties !== undefined) return membersText(schema);
  if (additionalProperties !== undefined && additionalProperties !== false)
    return `object of ${typeText(additionalProperties)}`;
  if (type === undefined) return "anything";
  return `${format ?? type}${limitsOf(schema)}`;
}

function membersText({ properties = {}, required = [] }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, part]) => `\`${name}\`${required.includes(name) ? "" : "?"} ${typeText(part)}`,
  );
  return `{ ${members.join(", ")} }`;
}

function limitsOf(schema: Schema): string {
  const [least, most] = ["min", "max"].map(
    (end) => schema[`${end}imum`] ?? schema[`${end}Length`] ?? schema[`${end}Items`],
  );
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return `, ${least} or more`;
  return least === undefined ? `, up to ${most}` : `, ${least} to ${most}`;
}

function defaultText(schema: Schema): string {
  return schema.default === undefined ? "" : `default: \`${String(schema.default)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
