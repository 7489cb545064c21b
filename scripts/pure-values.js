const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
/** These may have an effect as far as a bundler knows. */
const EFFECTS = new Set(["CallExpression", "NewExpression", "SpreadElement"]);

/**
 * Marks the values that a module of src/ computes when it is imported. A test holds that this has no effect, so that an application's
 * bundler can omit each of them that is not used, as it could omit a whole module if it were a file of its own.
 */
export const pureValues = {
  name: "pure-values",
  transform: {
    filter: { id: /\/src\/.*\.ts$/ },
    handler(code) {
      const edits = this.parse(code, { lang: "ts" }).body.flatMap((statement) => {
        const { declarations = [] } = statement.declaration ?? statement;
        return declarations.map(({ init }) => init).filter(hasEffect);
      });
      // From the last one, so that the positions of the others stay valid.
      for (const { start, end } of edits.reverse()) {
        code = `${code.slice(0, start)}/* @__PURE__ */ (() => (${code.slice(start, end)}))()${code.slice(end)}`;
      }
      return { code, map: null };
    },
  },
};

function hasEffect(node) {
  if (typeof node !== "object" || node === null || FUNCTIONS.has(node.type)) return false;
  return EFFECTS.has(node.type) || Object.values(node).flat().some(hasEffect);
}
