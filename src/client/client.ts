export { isMaintenance, type MaintenanceInfo, maintenanceOf } from "./maintenance-info.ts";
export { defineMaintenanceNotice, type MaintenanceNotice } from "./maintenance-notice.ts";
export { type Fetch, type WaitingFetchOptions, waitingFetch } from "./waiting-fetch.ts";
