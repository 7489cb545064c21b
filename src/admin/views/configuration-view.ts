import { ignoredProxies } from "../../adapters/shared/find-address.ts";
import type { ExemptPathRule, NormalOptions, UserPolicy } from "../../config/normal-options.ts";
import type { GateInternals } from "../../gate/internals.ts";
import type { TrustProxy } from "../../rules/addresses/client-address.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";
import type { ConfigurationView } from "../schema/remote-answers.ts";

/**
 * Returns the configuration without secrets and functions, with the sites that `principal` may see. Exempt users and addresses are
 * included only for principals who may see everything.
 */
export function configurationView(principal: Principal, gate: GateInternals): ConfigurationView {
  const { options } = gate;
  const { response, override, groups, ignoreCase } = options;
  const seesAll = principal.may("view", ALL_SITES);
  const { exempt, readOnly, operatorPaths } = seesAll ? options : NO_RULES;
  const sites = [...options.sites].filter(([id]) => principal.may("view", id));
  const patterns = (rules: readonly { readonly pattern: string }[]): readonly string[] =>
    rules.map(({ pattern }) => pattern);
  const exempted = (option: ExemptPathRule["option"]): readonly ExemptPathRule[] =>
    exempt.paths.filter((rule) => rule.option === option);
  return {
    sites: Object.fromEntries(sites.map(([id, hosts]) => [id, { hosts }])),
    groups,
    operatorPaths: patterns(operatorPaths),
    exempt: {
      paths: exempted("paths").map(({ pattern, description }) => ({ pattern, description })),
      healthPaths: patterns(exempted("healthPaths")),
      adminPaths: patterns(exempted("adminPaths")),
      wellKnownPaths: patterns(exempted("wellKnownPaths")),
      addresses: exempt.addresses.map(({ range, description }) => ({ range, description })),
      methods: [...exempt.methods],
      users: usersOf(exempt.users),
      tests: exempt.testRun,
    },
    readOnly: { reads: patterns(readOnly.reads), writes: patterns(readOnly.writes) },
    statusCode: response.status,
    redirect: response.redirect,
    override,
    ignoreCase,
    trustProxy: seesAll ? trustedBy(options.trustProxy) : null,
    ignoredProxies: seesAll ? ignoredProxies(gate) : [],
  };
}

const NO_RULES: Pick<NormalOptions, "exempt" | "readOnly" | "operatorPaths"> = {
  exempt: { paths: [], addresses: [], methods: new Set(), users: null, testRun: false },
  readOnly: { reads: [], writes: [], classify: null },
  operatorPaths: [],
};
function trustedBy(trustProxy: TrustProxy): ConfigurationView["trustProxy"] {
  if (trustProxy.kind === "none") return null;
  return trustProxy.kind === "hops" ? trustProxy.count : trustProxy.ranges;
}

function usersOf(users: UserPolicy | null): ConfigurationView["exempt"]["users"] {
  if (users === null) return null;
  const { predicate, ...kinds } = users;
  return predicate === null ? kinds : "function";
}
