import type { AccessToken } from "../../state/access-token.ts";
import { badRequest } from "../http/problem.ts";
import { tokenBody } from "../schema/requests.ts";
import type { TokenView } from "../schema/responses.ts";
import { newTokenSchema, tokensSchema } from "../schema/responses.ts";
import { change, changeBy } from "./change.ts";
import { defineRoute, type Route } from "./route.ts";

function tokenView({ hash: _hash, ...view }: AccessToken): TokenView {
  return view;
}

export const TOKEN_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "tokens",
    operation: "listTokens",
    summary: "The tokens of programs.",
    right: "access",
    answer: { status: 200, schema: tokensSchema },
    async handle({ admin }) {
      const { all } = admin.gate.snapshot;
      return { status: 200, body: { tokens: all.stored.access.tokens.map(tokenView) } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "tokens",
    operation: "createToken",
    summary: "Creates a token for a program. The token is only in this answer.",
    right: "access",
    body: tokenBody,
    answer: { status: 201, schema: newTokenSchema },
    problems: [409, 503],
    async handle(call) {
      const { body, by } = call;
      const { id, token, outcomes } = await changeBy(call, (controller) => controller.tokens.create({ ...body, by }));
      const made = outcomes[0]?.after?.access.tokens.find((one) => one.id === id);
      if (made === undefined) throw badRequest(409, `The token '${id}' could not be made.`);
      return { status: 201, body: { ...tokenView(made), token } };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "tokens/{id}",
    operation: "revokeToken",
    summary: "Revokes a token: it is refused from then on.",
    right: "access",
    answer: { status: 204 },
    problems: [409, 503],
    async handle(call) {
      await change(call, { type: "revoke-tokens", tokens: [call.params.id] }, { isNamed: true });
      return { status: 204 };
    },
  }),
];
