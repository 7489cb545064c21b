export type { AppUnderTest } from "./adapter-app.ts";
export { type AdapterConformanceOptions, adapterConformance, type ServedApp } from "./adapter-conformance.ts";
export { type ChaosStore, chaosStore, type Fault, type StoreCall } from "./chaos-store.ts";
export type { ConformanceCase } from "./conformance-case.ts";
export { createFakeClock, type FakeClock } from "./fake-clock.ts";
export { type StoreConformanceOptions, storeConformance } from "./store-conformance.ts";
export type { StoreSession } from "./store-session.ts";
export { createTcpProxy, type TcpProxy, type TcpProxyOptions } from "./tcp-proxy.ts";
