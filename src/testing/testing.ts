export type { AppUnderTest } from "./adapters/app.ts";
export { type AdapterConformanceOptions, adapterConformance, type ServedApp } from "./adapters/conformance.ts";
export type { ConformanceCase } from "./conformance-case.ts";
export { type ChaosStore, chaosStore, type Fault, type StoreCall } from "./doubles/chaos-store.ts";
export { createFakeClock, type FakeClock } from "./doubles/fake-clock.ts";
export { createTcpProxy, type TcpProxy, type TcpProxyOptions } from "./doubles/tcp-proxy.ts";
export { type StoreConformanceOptions, storeConformance } from "./stores/conformance.ts";
export type { StoreSession } from "./stores/session.ts";
