import { createController } from "maintenance-mode";
import { sqliteStore } from "maintenance-mode/stores/sqlite";

const store = sqliteStore({ path: "state.db" });
const controller = createController({ store });
await controller.close("*");
await controller.open("*");
const history = await controller.history();
await controller.dispose();
await store.close();
console.log(history.map(({ version }) => version).join(" "));
