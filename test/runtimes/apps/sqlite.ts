import { createController } from "maintenance-mode";
import { sqliteStore } from "maintenance-mode/stores/sqlite";

const store = sqliteStore({ path: "state.db" });
const controller = createController({ store });
const by = { kind: "program", label: "sqlite" } as const;
await controller.execute({ type: "close", sites: ["*"] }, by);
await controller.execute({ type: "open", sites: ["*"] }, by);
const history = await controller.history();
await controller.close();
await store.close();
console.log(history.map(({ version }) => version).join(" "));
