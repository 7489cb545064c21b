// Writes docs/admin-api.md from the description that the admin serves: node scripts/write-api-reference.ts
import { writeFileSync } from "node:fs";
import { apiReference } from "./api-reference.ts";

writeFileSync(new URL("../docs/admin-api.md", import.meta.url), apiReference());
