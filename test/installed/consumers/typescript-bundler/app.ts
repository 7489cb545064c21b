import { createController, createGate } from "maintenance-mode";
import { fetchMaintenance } from "maintenance-mode/fetch";
import { memoryStore } from "maintenance-mode/stores/memory";

const options = { store: memoryStore() };
const gate = createGate(options);
const controller = createController(options);
const handle = fetchMaintenance(gate, () => new Response("hello"));

async function status(): Promise<number> {
  await gate.refresh();
  return (await handle(new Request("https://shop.example/"))).status;
}

const before = await status();
await controller.close("*");
const closed = await status();
await controller.open("*");
console.log(before, closed, await status());
await controller.dispose();
await gate.close();
