import { createGate } from "maintenance-mode";
import { fetchMaintenance } from "maintenance-mode/fetch";
import { memoryStore } from "maintenance-mode/stores/memory";

const open = createGate({ store: memoryStore() });
const closed = createGate({ store: memoryStore(), override: "on" });

export default {
  fetch: fetchMaintenance(open, () => new Response("hello")),
  fetchClosed: fetchMaintenance(closed, () => new Response("hello")),
};
